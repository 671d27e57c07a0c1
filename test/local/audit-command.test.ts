import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { summarySchema } from '../../lib/report/record-schemas.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../local/emulator/server.ts'
import { type Act, answering, startFaultServer } from '../support/fault-server.ts'
import { readJson, rowsAt, textAt } from '../support/json.ts'
import { type Ran, runCli } from '../support/run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'audit-command-'))
afterAll(() => rmSync(folder, { recursive: true }))
/** A folder that is not there yet. */
const newStore = () => join(mkdtempSync(join(folder, 'store-')), 'reports')

const REPORT_FILES = [
  'findings.csv',
  'findings.ndjson',
  'findings.ocsf.ndjson',
  'manifest.json',
  'report.html',
  'resources.csv',
  'resources.ndjson',
  'summary.json',
]

/** Runs `audit` against an emulator of its own; the store is new unless given. */
async function auditWith(
  options: Partial<EmulatorOptions>,
  { argv = [], environment = {}, store = newStore() }: Wish = {},
): Promise<Ran & { store: string; emulator: Emulator }> {
  const emulator = await startEmulator({ now: Date.now, backups: 300, ...options })
  try {
    const env = emulatorEnvironment(emulator, { REPORT_STORE: `file:${store}` })
    return { ...(await runCli(['audit', ...argv], { ...env, ...environment })), store, emulator }
  } finally {
    await emulator.close()
  }
}

interface Wish {
  readonly argv?: readonly string[]
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly store?: string
}

function filesUnder(path: string): readonly string[] {
  try {
    return readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()
  } catch {
    return []
  }
}

const lines = (path: string) => readFileSync(path, 'utf8').split('\n').filter(Boolean)
const summaryOf = (text: string) => summarySchema.parse(JSON.parse(text))

describe('npm run audit without credentials', () => {
  let ran: Ran
  let report: string
  const store = newStore()
  beforeAll(async () => {
    ran = await runCli(['audit', '--store', `file:${store}`])
    report = join(store, textAt(readJson(readFileSync(join(store, 'latest.json'), 'utf8')), 'audit_id'))
  })

  it('ends with 0 and says first what could not be restored, within 80 columns', () => {
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(/^\d+ of \d+ resources could not be restored\.\n/)
    expect(ran.stdout).toContain(join(report, 'report.html'))
    const columns = ran.stdout
      .split('\n')
      .filter((line) => !line.startsWith('Report'))
      .map((line) => line.length)
    expect(Math.max(...columns)).toBeLessThanOrEqual(80)
  })

  it('says of each target that it is made up', () => {
    const { targets } = summaryOf(readFileSync(join(report, 'summary.json'), 'utf8'))
    expect(targets).toHaveLength(4)
    for (const { note } of targets) expect(note).toMatch(/^Made up: the built-in emulator answered/)
  })

  it('writes every file of the report and nothing else', () => {
    expect(filesUnder(report)).toEqual(REPORT_FILES)
    expect(readdirSync(store)).toHaveLength(2)
  })

  it('lists every file but the manifest itself with its true hash, size and rows', () => {
    const files = rowsAt(readJson(readFileSync(join(report, 'manifest.json'), 'utf8')), 'files')
    expect(files.map(({ name }) => name).sort()).toEqual(
      REPORT_FILES.filter((name) => name !== 'manifest.json'),
    )
    for (const file of files) {
      const { sha256, bytes, rows } = file
      const name = textAt(file, 'name')
      const content = readFileSync(join(report, name))
      expect([sha256, bytes]).toEqual([createHash('sha256').update(content).digest('hex'), content.length])
      if (name.endsWith('.ndjson')) expect(rows).toBe(lines(join(report, name)).length)
      else if (name.endsWith('.csv')) expect(rows).toBe(parse(content, { bom: true, columns: true }).length)
      else expect(rows).toBeNull()
    }
  })

  it('has the same totals in every rendering', () => {
    const summary = summaryOf(readFileSync(join(report, 'summary.json'), 'utf8'))
    const csv = (name: string) => parse(readFileSync(join(report, name)), { bom: true, columns: true })
    const findings = lines(join(report, 'findings.ndjson')).map(readJson)
    expect(summary.verdict).toBe('complete')
    expect(findings).toHaveLength(summary.findings.total)
    expect(csv('findings.csv')).toHaveLength(summary.findings.total)
    expect(lines(join(report, 'findings.ocsf.ndjson'))).toHaveLength(summary.findings.total)
    expect(lines(join(report, 'resources.ndjson'))).toHaveLength(summary.resources)
    expect(csv('resources.csv')).toHaveLength(summary.resources)
    for (const [control, count] of Object.entries(summary.findings.by_control))
      expect(findings.filter((finding) => finding['control'] === control)).toHaveLength(Number(count))
    expect(findings.map(({ finding_id }) => finding_id)).toEqual(
      findings.map(({ finding_id }) => finding_id).toSorted(),
    )
  })
})

describe('npm run audit on a cloud', () => {
  it('prints exactly one JSON object, the summary, with --json, and nothing on stderr with --quiet', async () => {
    const { code, stdout, stderr, store } = await auditWith({}, { argv: ['--json', '--quiet'] })
    const auditId = summaryOf(stdout).audit_id
    expect([code, stderr]).toEqual([0, ''])
    expect(readJson(readFileSync(join(store, auditId, 'summary.json'), 'utf8'))).toEqual(readJson(stdout))
  })

  it('knows what is new, what persists and what is resolved', async () => {
    const store = newStore()
    const first = summaryOf((await auditWith({}, { argv: ['--json', '--quiet'], store })).stdout)
    const second = summaryOf((await auditWith({}, { argv: ['--json', '--quiet'], store })).stdout)
    const other = summaryOf((await auditWith({ seed: 2 }, { argv: ['--json', '--quiet'], store })).stdout)
    expect(first.delta).toMatchObject({ previous_audit_id: null, new: first.findings.total })
    expect(second.delta).toMatchObject({
      previous_audit_id: first.audit_id,
      new: 0,
      persisting: second.findings.total,
    })
    expect(other.delta).toMatchObject({
      previous_audit_id: second.audit_id,
      new: other.findings.total,
      not_scanned: second.findings.total,
    })
  })

  it('ends with 3 where --fail-on is met, and with 4 where the audit is incomplete, which goes before', async () => {
    expect((await auditWith({}, { argv: ['--fail-on', 'low', '--quiet'] })).code).toBe(3)
    const faults = ['dcs.instances:status=404']
    const incomplete = await auditWith({ faults }, { argv: ['--fail-on', 'low', '--json', '--quiet'] })
    expect(incomplete.code).toBe(4)
    const summary = summaryOf(incomplete.stdout)
    expect(summary.verdict).toBe('incomplete')
    expect(summary.incomplete_because[0]).toMatch(/^DCS of \S+: The instances: /)
    expect(JSON.parse(readFileSync(join(incomplete.store, 'latest.json'), 'utf8'))).toMatchObject({
      audit_id: summary.audit_id,
      complete_audit_id: null,
    })
  })

  it('goes by the time of Huawei where the clock of this machine is off, and says by how much', async () => {
    const offMs = 62 * 60_000
    const ran = await auditWith({ now: () => Date.now() - offMs }, { argv: ['--json'] })
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(
      /by the time of Huawei: The clock of this machine is off by 62 min.*Set the clock/,
    )
    const { as_of, started_at, audit_id } = summaryOf(ran.stdout)
    expect(Math.abs(Date.parse(as_of) + offMs - Date.now())).toBeLessThan(60_000)
    expect(started_at).toBe(as_of)
    expect(filesUnder(join(ran.store)).filter((name) => name.endsWith('manifest.json'))).toEqual([
      join(audit_id, 'manifest.json'),
    ])
  })

  it('keeps its own clock where a single region has another, and reads that region by its time', async () => {
    const region = 'ap-southeast-1'
    const other = await startEmulator({ now: () => Date.now() + 62 * 60_000, backups: 300 })
    try {
      // IAM, CBR and DCS are hosts of their own: by another name each, as a clock is told from another by its host.
      const environment = Object.fromEntries(
        ['127.0.0.1', 'localhost'].flatMap((host, index) => {
          const names = index === 0 ? ['IAM', 'CBR'] : ['DCS']
          const endpoint = other.endpoint.replace('127.0.0.1', host)
          return names.map((name) => [`HUAWEICLOUD_SDK_REGION_${name}_AP_SOUTHEAST_1`, endpoint])
        }),
      )
      const ran = await auditWith({}, { argv: ['--json'], environment })
      expect(ran.code).toBe(0)
      const { as_of, targets, verdict } = summaryOf(ran.stdout)
      expect(Math.abs(Date.parse(as_of) - Date.now())).toBeLessThan(60_000)
      expect([
        verdict,
        targets.filter((target) => target.region === region && target.listed > 0).length,
      ]).toEqual(['complete', 1])
    } finally {
      await other.close()
    }
  })

  it('refuses an --as-of that is to come by the time of Huawei', async () => {
    const offMs = 62 * 60_000
    const asOf = new Date(Date.now() - offMs / 2).toISOString()
    const ran = await auditWith({ now: () => Date.now() - offMs }, { argv: ['--as-of', asOf] })
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toContain(`Cannot audit what is to come: as_of is ${asOf}, and it is `)
  })
})

describe('npm run audit where IAM lists what cannot be read', () => {
  /** Audits the region of an emulator, whose project IAM lists beside these rows, or alone. */
  async function auditBeside(rows: readonly unknown[], isListed = true): Promise<Ran> {
    const emulator = await startEmulator({ now: Date.now, backups: 60 })
    const [main] = emulator.fleet.projects
    const own = isListed ? [{ id: main?.id, name: main?.region, enabled: true }] : []
    const iam = await startFaultServer([answering(200, { projects: [...rows, ...own] })])
    try {
      return await runCli(['audit', '--json', '--quiet', '--target', String(main?.region)], {
        ...emulatorEnvironment(emulator, { REPORT_STORE: `file:${newStore()}` }),
        HUAWEICLOUD_SDK_REGION_IAM_CN_NORTH_4: iam.origin,
      })
    } finally {
      await iam.close()
      await emulator.close()
    }
  }

  it('audits the rest, ends with 4 and says what may be missing', async () => {
    const { code, stdout } = await auditBeside([{ id: 'p2', name: null }])
    expect(code).toBe(4)
    const { verdict, incomplete_because, targets } = summaryOf(stdout)
    expect(verdict).toBe('incomplete')
    expect(incomplete_because).toEqual(
      ['CBR', 'DCS'].map(
        (service) =>
          `${service} of cn-north-4: Cannot find every project of cn-north-4: 1 of the projects that IAM lists, which may be of this region, cannot be read: project "p2" has no readable name (found null). Name those to audit: cn-north-4:PROJECT_ID`,
      ),
    )
    expect(targets.map(({ verdict }) => verdict).toSorted()).toEqual([
      'complete',
      'complete',
      'incomplete',
      'incomplete',
    ])
  })

  it('ends with 0 where the row is of another region', async () => {
    expect((await auditBeside([{ id: null, name: 'cn-north-1' }])).code).toBe(0)
  })

  it('ends with 1 where there is nothing else', async () => {
    const { code, stderr } = await auditBeside([{ name: 'cn-north-4' }], false)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^Cannot find every project of cn-north-4: 1 .* named "cn-north-4" has no readable id/,
    )
  })
})

describe('an audit that cannot be done', () => {
  /** One sentence for a person: what cannot be done and what to do; no stack, no secret, no report. */
  function expectRefusal(
    { code, stdout, stderr }: Ran,
    expectedCode: 1 | 2,
    sentence: RegExp,
    store: string,
  ): void {
    expect({ code, stdout }).toEqual({ code: expectedCode, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/\n\s+at |node:|canary/)
    expect(filesUnder(store).filter((name) => /manifest|latest|report|summary/.test(name))).toEqual([])
  }

  it('says that the secret key is wrong', async () => {
    const ran = await auditWith({}, { environment: { HUAWEICLOUD_SDK_SK: 'canary-secret' } })
    expectRefusal(ran, 1, /APIGW\.0301.*HUAWEICLOUD_SDK_AK.*HUAWEICLOUD_SDK_SK/, ran.store)
  })

  it('says that there is no such region, and names the nearest and the variable to set', async () => {
    const ran = await auditWith({}, { environment: { AUDIT_TARGETS: 'cn-nort-4,xx-moon-1:p' } })
    expectRefusal(
      ran,
      2,
      /"cn-nort-4" is not a region.*cn-north-4[\s\S]*"xx-moon-1" is not a region/,
      ran.store,
    )
  })

  describe('in regions of your own', () => {
    const own = (...variables: string[]) => ({
      AUDIT_TARGETS: 'xx-yy-1:p,xx-yy-2:p',
      ...Object.fromEntries(
        variables.map((name) => [`HUAWEICLOUD_SDK_REGION_${name}`, 'http://127.0.0.1:9']),
      ),
    })

    it('names every endpoint that was forgotten, and how to do without', async () => {
      const ran = await auditWith({}, { environment: own('DCS_XX_YY_1', 'CBR_XX_YY_2') })
      expectRefusal(ran, 2, /^Cannot start the audit:\n/, ran.store)
      expect(ran.stderr.trim().split('\n').slice(1)).toEqual([
        '  HUAWEICLOUD_SDK_REGION_CBR_XX_YY_1 is not set, and xx-yy-1 is a region of your own; set it to the endpoint of CBR there, or to "none" if it has no CBR, or leave it out on purpose: --service dcs',
        '  HUAWEICLOUD_SDK_REGION_DCS_XX_YY_2 is not set, and xx-yy-2 is a region of your own; set it to the endpoint of DCS there, or to "none" if it has no DCS, or leave it out on purpose: --service cbr',
      ])
    })

    it('asks for no endpoint of a service that is not wanted', async () => {
      const environment = own('DCS_XX_YY_1', 'DCS_XX_YY_2')
      const ran = await auditWith({}, { environment, argv: ['--service', 'dcs'] })
      expectRefusal(ran, 1, /Cannot reach 127\.0\.0\.1:9/, ran.store)
    })

    it('skips with a note what a region is said not to have, and nothing else', async () => {
      const environment = { ...own('CBR_XX_YY_1'), HUAWEICLOUD_SDK_REGION_DCS_XX_YY_1: 'none' }
      const ran = await auditWith(
        {},
        { environment, argv: ['--json', '--quiet', '--target', 'xx-yy-1:p', '--target', 'cn-north-4'] },
      )
      const { targets } = summaryOf(ran.stdout)
      expect(targets).toContainEqual(
        expect.objectContaining({ region: 'xx-yy-1', service: 'dcs', verdict: 'skipped' }),
      )
      expect(targets).toContainEqual(
        expect.objectContaining({ region: 'cn-north-4', service: 'dcs', verdict: 'complete' }),
      )
    })

    it('names an endpoint that is none once', async () => {
      const environment = {
        ...own('DCS_XX_YY_1', 'CBR_XX_YY_2', 'DCS_XX_YY_2'),
        HUAWEICLOUD_SDK_REGION_CBR_XX_YY_1: 'localhost',
      }
      const ran = await auditWith({}, { environment })
      expectRefusal(
        ran,
        2,
        /HUAWEICLOUD_SDK_REGION_CBR_XX_YY_1 has "localhost", which is no endpoint/,
        ran.store,
      )
      expect(ran.stderr.match(/CBR_XX_YY_1/g)).toHaveLength(1)
    })
  })

  it('says that an endpoint cannot be reached', async () => {
    const environment = Object.fromEntries(
      ['CBR', 'DCS', 'IAM'].map((service) => [
        `HUAWEICLOUD_SDK_REGION_${service}_CN_NORTH_4`,
        'http://127.0.0.1:9',
      ]),
    )
    const ran = await auditWith({}, { environment: { ...environment, AUDIT_TARGETS: 'cn-north-4:p1' } })
    expectRefusal(ran, 1, /Cannot reach 127\.0\.0\.1:9: .*\(ECONNREFUSED\)/, ran.store)
  })

  it('says that the store cannot be written to, before it asks Huawei anything', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const ran = await auditWith({}, { environment: { REPORT_STORE: `file:${file}/reports` } })
    expectRefusal(ran, 1, /Cannot .*a-file/, ran.store)
    expect(ran.emulator.requests).toHaveLength(0)
  })

  it('says that the clock is off, by how much, and to set it, where Huawei goes on refusing', async () => {
    const refusal: Act = (response, seen) => {
      const serverTime = new Date(Date.now() + 62 * 60_000).toISOString().replaceAll(/[-:]|\.\d+/g, '')
      const times = `signature time:${seen.headers['x-sdk-date']},server time:${serverTime}`
      const error_msg = `Incorrect IAM authentication information: calc aksk signature fail:signature expired, ${times}`
      answering(401, { error_code: 'APIGW.0301', error_msg })(response, seen)
    }
    const gateway = await startFaultServer([refusal])
    const services = ['CBR', 'DCS', 'IAM'].map((name) => `HUAWEICLOUD_SDK_REGION_${name}_CN_NORTH_4`)
    const environment = {
      ...Object.fromEntries(services.map((name) => [name, gateway.origin])),
      AUDIT_TARGETS: 'cn-north-4:p1,cn-north-4:p2',
    }
    try {
      const ran = await auditWith({}, { environment })
      expectRefusal(ran, 1, /clock of this machine is off by 62 min.*Set the clock/, ran.store)
    } finally {
      await gateway.close()
    }
  })

  it.each([
    ['2026-02-30T00:00:00Z', 'there is no such day'],
    ['0001-01-01T00:00:00Z', 'years from 1000 to 9999 are allowed'],
    ['2026-01-01T00:00:00', 'it is no time with a zone'],
  ])('says what is wrong with --as-of %s', async (time, mistake) => {
    const ran = await auditWith({}, { argv: ['--as-of', time] })
    expectRefusal(ran, 2, new RegExp(`--as-of has "${time}", and ${mistake}; write one such as `), ran.store)
  })

  it('names all mistakes in flags and environment at once', async () => {
    const argv = ['--fail-on', 'severe', '--as-of', '2026-01-01T00:00:00', '--service', 'cbr,ecs', '--quite']
    const ran = await auditWith({}, { argv, environment: { HUAWEICLOUD_SDK_SK: undefined } })
    expectRefusal(ran, 2, /--fail-on has "severe"/, ran.store)
    expect(ran.stderr.trim().split('\n')).toHaveLength(6)
  })

  it('names with them whatever is wrong with store, policy, comparison, keys, endpoints and regions', async () => {
    const policy = join(folder, 'wrong-policy.json')
    writeFileSync(policy, JSON.stringify({ stuck: { after: '6 hours' } }))
    const flags = ['--store', 'ftp://x', '--previous', '../x', '--fail-on', 'z', '--target', 'xx-nowhere-9']
    const environment = {
      HUAWEICLOUD_SDK_AK: 'a canary',
      HUAWEICLOUD_SDK_SK: 'sk',
      AWS_ENDPOINT_URL_S3: 'nonsense',
      HUAWEICLOUD_SDK_REGION_DCS_CN_NORTH_4: 'localhost',
      AUDIT_POLICY: policy,
    }
    const ran = await runCli(['audit', ...flags], environment)
    expectRefusal(ran, 2, /Cannot start the audit:\n/, newStore())
    const pointers = ran.stderr
      .split('\n')
      .slice(1, -1)
      .map((line) => /^ {2}(\S+)/.exec(line)?.[1])
    expect(pointers.toSorted()).toEqual([
      '--fail-on',
      '--previous',
      '--store',
      '--target',
      'AUDIT_POLICY',
      'AWS_ENDPOINT_URL_S3',
      'HUAWEICLOUD_SDK_AK',
      'HUAWEICLOUD_SDK_REGION_DCS_CN_NORTH_4',
    ])
    expect(ran.stderr).toContain(`  AUDIT_POLICY ${policy} at /stuck/after found "6 hours", allowed is`)
  })

  it('names an audit to compare with that is not in the store together with the rest', async () => {
    const flags = ['--previous', '20261121T064500.123Z-3f9a1c2b', '--as-of', '2999-01-01T00:00:00Z']
    const ran = await auditWith({}, { argv: flags })
    expectRefusal(ran, 2, /--as-of has .* in the future/, ran.store)
    expect(ran.stderr).toContain(`  --previous has "${flags[1]}", which is no audit of "${ran.store}"; `)
  })

  it('names a policy that is not there together with the rest', async () => {
    const ran = await runCli(['audit', '--policy', '/nonexist.json', '--fail-on', 'z', '--store', 'ftp://x'])
    expectRefusal(ran, 2, /--fail-on has "z"[\s\S]*--policy "\/nonexist.json" does not exist/, newStore())
    expect(ran.stderr).toMatch(/--store has "ftp:\/\/x"; allowed are a folder/)
  })

  it.each([
    ['a store', ['--store', 's3://bucket/prefix']],
    ['a policy', ['--policy', 's3://nobucket/x']],
  ])('says that the region of %s in S3 is not known', async (_, argv) => {
    // A profile of whoever runs the tests may have one.
    const nowhere = {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ACCESS_KEY_ID: 'ak',
      AWS_SECRET_ACCESS_KEY: 'sk',
    }
    const store = newStore()
    const ran = await runCli(['audit', '--quiet', ...argv], { REPORT_STORE: `file:${store}`, ...nowhere })
    expectRefusal(ran, 2, /^Cannot .*s3:\/\/.*: the region of the bucket is not known; set AWS_REGION/, store)
  })

  it('refuses a policy with every mistake in it', async () => {
    const policy = join(folder, 'policy.json')
    writeFileSync(policy, JSON.stringify({ stuck: { after: '6 hours' }, recovery_pint: {} }))
    const ran = await auditWith({}, { argv: ['--policy', policy] })
    expectRefusal(ran, 2, /policy\.json at \/stuck\/after[\s\S]*policy\.json at \/recovery_pint/, ran.store)
    expect(ran.stderr.match(/recovery_pint/g)).toHaveLength(1)
  })

  it('refuses a policy that says one thing twice, beside its other mistakes', async () => {
    const policy = join(folder, 'twice.json')
    writeFileSync(policy, '{"stuck":{"after":"6 hours"},"expired":{"grace":"1h"},"expired":{"grace":"2h"}}')
    const ran = await auditWith({}, { argv: ['--policy', policy] })
    expectRefusal(
      ran,
      2,
      /--policy \S+\/twice\.json at \/expired is written more than once[\s\S]*twice\.json at \/stuck\/after/,
      ran.store,
    )
  })

  it('takes half a login for the real cloud and never for the emulator', async () => {
    const store = newStore()
    const ran = await runCli(['audit'], { HUAWEICLOUD_DOMAIN_NAME: 'acme', REPORT_STORE: store })
    expectRefusal(ran, 2, /HUAWEICLOUD_USERNAME is not set, but HUAWEICLOUD_DOMAIN_NAME is/, store)
  })

  it('refuses targets without credentials and never falls back to the emulator', async () => {
    const store = newStore()
    const ran = await runCli(['audit', '--target', 'cn-north-4'], { REPORT_STORE: store })
    expectRefusal(ran, 2, /--target is given without credentials/, store)
  })
})

it('an audit tells once why a list was refused, however often it was', async () => {
  const ran = await auditWith(
    { faults: ['cbr.backups:status=403'] },
    { argv: ['--json', '--service', 'cbr'] },
  )
  const { incomplete_because, targets } = summaryOf(ran.stdout)
  expect(ran.code).toBe(4)
  expect(incomplete_because).toHaveLength(targets.length)
  for (const because of incomplete_because)
    expect(because).toMatch(/Huawei answered 403 .*\(request id \w+\)$/)
})

describe('an audit that is interrupted', () => {
  const interruptOn = (sign: RegExp) => (piece: string, child: ChildProcess) => {
    if (sign.test(piece)) child.kill('SIGINT')
  }

  it('says so in one line, ends with 130 and leaves no report', async () => {
    const store = newStore()
    const onStderr = interruptOn(/built-in emulator/)
    const { code, stdout, stderr } = await runCli(['audit', '--json', '--store', store], {}, { onStderr })
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(stderr).toMatch(/\nInterrupted: no report was written\n$/)
    expect(filesUnder(store).filter((name) => /manifest|latest/.test(name))).toEqual([])
  })

  it('finishes a report that can be seen already', async () => {
    const store = newStore()
    await runCli(['audit', '--quiet', '--store', store])
    // A lock of a process that is alive holds the second audit up when all but latest.json is written.
    const lock = join(store, '.latest.json.lock')
    mkdirSync(lock)
    const owner = join(lock, `${process.pid}@${encodeURIComponent(hostname())}@test`)
    writeFileSync(owner, '')
    const started = Promise.withResolvers<ChildProcess>()
    const onStderr = (_: string, child: ChildProcess) => started.resolve(child)
    const ran = runCli(['audit', '--store', store], {}, { onStderr })
    const manifests = () => filesUnder(store).filter((name) => name.endsWith('manifest.json'))
    await expect.poll(manifests, { timeout: 10_000 }).toHaveLength(2)
    ;(await started.promise).kill('SIGINT')
    await wait(100)
    // As an owner opens it: whoever waits may move in before the folder itself is gone.
    rmSync(owner)
    const { code, stdout } = await ran
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('report.html') })
  })
})
