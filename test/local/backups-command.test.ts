import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CBR_BACKUPS, DCS_BACKUPS } from '../../lib/runtime/backup-pages.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../local/emulator/server.ts'
import { columnsOf } from '../../local/printable.ts'
import { startFaultServer } from '../support/fault-server.ts'
import { readJson, rowsAt, textAt } from '../support/json.ts'
import { type Ran, runCli } from '../support/run-cli.ts'

type Environment = Readonly<Record<string, string | undefined>>

let emulator: Emulator
/** It takes a while to give up, so it begins while others go on. */
let throttled: Promise<Ran>
beforeAll(async () => {
  throttled = listFrom({ faults: ['cbr.backups:status=429:code=APIGW.0308'] }, ['--format', 'ndjson'])
  emulator = await startEmulator({ now: Date.now, backups: 2500 })
})
afterAll(() => emulator.close())

const list = (argv: readonly string[], environment: Environment = {}): Promise<Ran> =>
  runCli(['backups', ...argv], { ...emulatorEnvironment(emulator, {}), ...environment })

async function listFrom(options: Partial<EmulatorOptions>, argv: readonly string[]): Promise<Ran> {
  const other = await startEmulator({ now: Date.now, backups: 60, ...options })
  try {
    return await runCli(['backups', ...argv], emulatorEnvironment(other, {}))
  } finally {
    await other.close()
  }
}

const main = () => emulator.fleet.projects[0]
const mainTarget = () => ['--target', `${main()?.region}:${main()?.id}`]
const idsOf = (rows: readonly { readonly id?: unknown }[]) => rows.map(({ id }) => id).sort()
const everyId = () => idsOf(emulator.fleet.projects.flatMap(({ backups }) => backups))
const linesOf = (text: string) => text.split('\n').filter(Boolean)

describe('npm run backups without credentials', () => {
  it('lists those of the emulator, says so, and keeps ids whole within 80 columns', async () => {
    const { code, stdout, stderr } = await runCli(['backups', '--limit', '5'])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^No credentials in the environment: .*emulator/)
    const lines = linesOf(stdout)
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(80)
    expect(lines.filter((line) => /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(line))).toHaveLength(10)
    expect(stdout).toMatch(/5 of [\d,]+ backups in cn-north-4:\w+; --all lists\s+them\s+all\./)
    expect(stdout).not.toContain('\u001b')
  })

  it('refuses a target, for that would be somebody’s cloud', async () => {
    const { code, stdout, stderr } = await runCli(['backups', '--target', 'cn-north-4'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('--target is given without credentials')
  })
})

describe('npm run backups --all', () => {
  it('has each of 2,500 backups once as JSON, as lines and as CSV, and warns once of paging', async () => {
    const [json, ndjson, csv] = await Promise.all(
      ['json', 'ndjson', 'csv'].map((format) => list(['--all', '--limit', '400', '--format', format])),
    )
    const { backups, count } = readJson(json?.stdout ?? '')
    expect(idsOf(rowsAt({ backups }, 'backups'))).toEqual(everyId())
    expect(backups).toHaveLength(Number(count))
    const rows = linesOf(ndjson?.stdout ?? '').map(readJson)
    expect(rows).toEqual(backups)
    const cells: Record<string, string>[] = parse(csv?.stdout ?? '', { columns: true })
    expect(idsOf(cells)).toEqual(everyId())
    expect(json?.stderr.match(/Paging by position/g)).toHaveLength(1)
  })

  it.each(['json', 'ndjson', 'csv', 'table'])(
    'prints nothing of a list that breaks off midway as %s',
    async (format) => {
      const { code, stdout, stderr } = await listFrom(
        { backups: 2500, faults: ['cbr.backups:status=403:after=4'] },
        ['--all', '--limit', '400', '--format', format],
      )
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('Huawei answered 403')
    },
  )

  it.each([
    ['CBR counts no further than 100', 50, (rows: number) => ({ count: Math.min(rows, 100) })],
    ['CBR counts the rows of a page', 50, (_: number, sent: number) => ({ count: sent })],
    ['CBR knows no positions', Number.POSITIVE_INFINITY, (rows: number) => ({ count: rows })],
  ])('lists all where %s', async (_, most, counted) => {
    const all = Array.from({ length: 260 }, (_, index) => ({ id: `backup-${index}` }))
    const server = await startFaultServer([
      (response, { url }) => {
        const query = new URLSearchParams(url.split('?')[1])
        const start = most === Number.POSITIVE_INFINITY ? 0 : Number(query.get('offset') ?? 0)
        const backups = all.slice(start, start + Math.min(most, Number(query.get('limit') ?? 1000)))
        const body = { backups, limit: most, offset: start, ...counted(all.length, backups.length) }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      },
    ])
    const environment = { HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: server.origin }
    const { code, stdout } = await list([...mainTarget(), '--all', '--format', 'ndjson'], environment)
    await server.close()
    expect({ code, ids: linesOf(stdout).map((line) => textAt(readJson(line), 'id')) }).toEqual({
      code: 0,
      ids: all.map(({ id }) => id),
    })
  })

  it('lists all records of an instance where DCS sends ten at a time, and calls those its total', async () => {
    const all = Array.from({ length: 35 }, (_, index) => ({ backup_id: `record-${index}` }))
    const server = await startFaultServer([
      (response, { url }) => {
        const start = Number(new URLSearchParams(url.split('?')[1]).get('offset') ?? 0)
        const rows = all.slice(start, start + 10)
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ total_num: rows.length, backup_record_response: rows }))
      },
    ])
    const argv = ['--instance-id', 'cf8c7fb5-ac3e-4f68-92f3-8c5c8d6ef0a1', '--all', '--format', 'ndjson']
    const environment = { HUAWEICLOUD_SDK_REGION_DCS_CN_NORTH_4: server.origin }
    const { code, stdout } = await list([...mainTarget(), ...argv], environment)
    await server.close()
    expect({ code, rows: linesOf(stdout).map(readJson) }).toEqual({ code: 0, rows: all })
  })

  it('prints nothing of the records of an instance where DCS counts more than came', async () => {
    const record = (id: string) => ({ backup_id: id, status: 'succeed' })
    const server = await startFaultServer([
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ total_num: 4, backup_record_response: ['a', 'b'].map(record) })),
      (response) => response.writeHead(204).end(),
    ])
    const argv = ['--instance-id', 'cf8c7fb5-ac3e-4f68-92f3-8c5c8d6ef0a1', '--all', '--limit', '2']
    const environment = { HUAWEICLOUD_SDK_REGION_DCS_CN_NORTH_4: server.origin }
    const { code, stdout, stderr } = await list([...mainTarget(), ...argv, '--format', 'csv'], environment)
    await server.close()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Huawei counts 4 backups')
  })

  it('defuses in CSV what a spreadsheet would run, and changes nothing else', async () => {
    const { stdout } = await list(['--all', '--format', 'csv'])
    const cells: Record<string, string>[] = parse(stdout, { columns: true })
    const rows = new Map(
      emulator.fleet.projects.flatMap(({ backups }) => backups.map((row) => [row.id, row])),
    )
    for (const { id, resource_name, expired_at, 'extend_info.is_dec': isDec } of cells) {
      const row = rows.get(id)
      const name = String(row?.['resource_name'])
      expect(resource_name).toBe(name.startsWith('=') ? `'${name}` : name)
      expect([expired_at, isDec]).toEqual([row?.['expired_at'] ?? '', 'false'])
    }
    expect(stdout).toContain(`"'=HYPERLINK(`)
  })
})

describe('npm run backups on a target', () => {
  it('prints Huawei’s own body for one page', async () => {
    const { code, stdout } = await list([
      ...mainTarget(),
      '--limit',
      '3',
      '--offset',
      '1',
      '--format',
      'json',
    ])
    const body = readJson(stdout)
    expect(code).toBe(0)
    expect(body).toMatchObject({ count: main()?.backups.length, limit: 3, offset: 1 })
    expect(body['backups']).toHaveLength(3)
  })

  it('filters by every status that is named', async () => {
    const { stdout } = await list([
      '--all',
      '--status',
      'error',
      '--status',
      'deleting',
      '--format',
      'ndjson',
    ])
    const statuses = linesOf(stdout).map((line) => readJson(line)['status'])
    expect(new Set(statuses)).toEqual(new Set(['error', 'deleting']))
  })

  it('says that there is nothing', async () => {
    const { code, stdout } = await list([...mainTarget(), '--resource-name', 'nobody'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^No backups in cn-north-4:\w+ with these flags\.\n$/)
  })

  it('does not call a list empty that only this page has nothing of', async () => {
    const { code, stdout } = await list([...mainTarget(), '--offset', '100000'])
    const counted = String(main()?.backups.length)
    expect(code).toBe(0)
    expect(stdout.replaceAll(',', '')).toContain(`none of the ${counted} backups that Huawei counts`)
  })

  it('finds a DCS instance in whichever target it is, and takes ISO times', async () => {
    const home = emulator.fleet.projects.find(({ instances }) => instances.length > 0)
    const [id = '', records] = Object.entries(home?.records ?? {}).find(([, all]) => all.length > 3) ?? []
    const argv = ['--instance-id', id, '--all', '--limit', '2', '--begin-time', '2020-01-01T00:00:00Z']
    const { code, stdout } = await list([...argv, '--format', 'json'])
    const body = readJson(stdout)
    expect(code).toBe(0)
    expect(
      rowsAt(body, 'backup_record_response')
        .map((row) => row['backup_id'])
        .sort(),
    ).toEqual(records?.map(({ backup_id }) => backup_id).sort())
    expect(body['total_num']).toBe(records?.length)
  })
})

describe('npm run backups that cannot be done', () => {
  /** One sentence for a person; no stack, no secret. */
  function expectRefusal({ code, stdout, stderr }: Ran, expectedCode: 1 | 2, sentence: RegExp): void {
    expect({ code, stdout }).toEqual({ code: expectedCode, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/\n\s+at |node:|canary/)
  }

  it('names all mistakes in flags and environment at once', async () => {
    const before = emulator.requests.length
    const range = ['--start-time', '2018-02-01T12:00:00Z', '--end-time', '2017-02-01T12:00:00Z']
    const argv = ['--limit', '0', '--status', 'error,available', '--dec', 'maybe', '--lmit', '3', ...range]
    const ran = await list([...argv, '--format', 'xml', '--begin-time', '20180101000000'], {
      HUAWEICLOUD_SDK_SK: undefined,
    })
    expectRefusal(ran, 2, /--limit found "0", allowed is a whole number from 1 to 1000/)
    expect(ran.stderr).toMatch(/--status found "error,available".*; for several write --status … --status …/)
    expect(ran.stderr).toMatch(/--lmit is no flag of this command; did you mean --limit\?/)
    expect(linesOf(ran.stderr)).toHaveLength(9)
    expect(emulator.requests).toHaveLength(before)
  })

  it('names the endpoint that a region of your own lacks, where its service is asked for', async () => {
    const own = {
      AUDIT_TARGETS: 'xx-yy-1:p',
      HUAWEICLOUD_SDK_REGION_DCS_XX_YY_1: emulator.endpoint,
    }
    const [cbr, dcs] = await Promise.all([
      list(['--limit', '0'], own),
      list(['--instance-id', 'cf8c7fb5-ac3e-4f68-92f3-8c5c8d6ef0a1'], own),
    ])
    expectRefusal(cbr, 2, /--limit found "0"[\s\S]* {2}HUAWEICLOUD_SDK_REGION_CBR_XX_YY_1 is not set/)
    expectRefusal(dcs, 1, /Huawei answered 4/)
  })

  it.each(['../backups', 'abc'])(
    'names %s, which is no id of an instance, beside all other mistakes',
    async (id) => {
      const ran = await list(['--instance-id', id, '--nope', '--limit', '0', '--status', 'error'])
      expectRefusal(ran, 2, /--nope is no flag[\s\S]*--status is for CBR[\s\S]*--limit found "0"/)
      expect(ran.stderr).toContain(`  --instance-id found "${id}", allowed is a uuid\n`)
    },
  )

  it('says that the secret key is wrong, and that an instance is nowhere', async () => {
    const [wrongKey, nowhere] = await Promise.all([
      list([], { HUAWEICLOUD_SDK_SK: 'canary-secret' }),
      list(['--instance-id', 'cf8c7fb5-ac3e-4f68-92f3-8c5c8d6ef0a1']),
    ])
    expectRefusal(wrongKey, 1, /APIGW\.0301.*HUAWEICLOUD_SDK_AK.*HUAWEICLOUD_SDK_SK/)
    expectRefusal(nowhere, 1, /There is no such instance/)
  })

  it('waits where Huawei allows no more calls, and gives up in the end', async () => {
    const patient = await listFrom({ faults: ['cbr.backups:status=429:code=APIGW.0308:times=1'] }, [])
    expect(patient.code).toBe(0)
    expectRefusal(await throttled, 1, /429 APIGW\.0308/)
  })
})

describe('npm run backups --help', () => {
  it('has every parameter of both APIs with its example, within 80 columns', async () => {
    const { code, stdout } = await runCli(['backups', '--help', '--no-such-flag'], {
      HUAWEICLOUD_SDK_AK: 'half a pair',
    })
    expect(code).toBe(0)
    const said = stdout.replaceAll(/\s+/g, ' ')
    for (const { name, example } of [...CBR_BACKUPS.table.parameters, ...DCS_BACKUPS.table.parameters])
      expect(said).toMatch(new RegExp(`--${name.replaceAll('_', '-')} [^.]+.*Example: ${example}\\.`))
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
