import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import type { FleetProject, Wire } from '../../local/emulator/fleet.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../local/emulator/server.ts'
import { startFaultServer } from '../support/fault-server.ts'
import { objectAt, readJson, textAt } from '../support/json.ts'
import { type Ran, runCli, type Surroundings } from '../support/run-cli.ts'

type Environment = Readonly<Record<string, string | undefined>>

const NO_SUCH_VAULT = '62617971-839d-4d23-8dfd-4ca65c039bdf'
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-command-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A cloud with the vault that a test backs up, and a ledger of its own. */
interface Site {
  readonly emulator: Emulator
  readonly vaultId: string
  readonly resources: readonly Wire[]
  readonly posts: () => number
  readonly run: (argv: readonly string[], environment?: Environment, around?: Surroundings) => Promise<Ran>
}

async function openSite(options: Partial<EmulatorOptions> = {}): Promise<Site> {
  const emulator = await startEmulator({ now: Date.now, backups: 300, checkpointMs: 300, ...options })
  const [project] = emulator.fleet.projects
  const vault = project?.vaults.find(({ name }) => name === 'vault-erp-prod')
  const env = emulatorEnvironment(emulator, { REPORT_STORE: `file:${mkdtempSync(join(folder, 'store-'))}` })
  const vaultId = String(vault?.id)
  return {
    emulator,
    vaultId,
    resources: vault?.resources as readonly Wire[],
    posts: () => emulator.requests.filter(({ method }) => method === 'POST').length,
    run: (argv, environment = {}, around = {}) =>
      runCli(
        ['checkpoint', '--vault-id', vaultId, '--target', targetOf(project), ...argv],
        { ...env, ...environment },
        around,
      ),
  }
}

const targetOf = (project: FleetProject | undefined) => `${project?.region}:${project?.id}`

async function runOn(options: Partial<EmulatorOptions>, argv: readonly string[]): Promise<Ran> {
  const site = await openSite(options)
  try {
    return await site.run(argv)
  } finally {
    await site.emulator.close()
  }
}

let site: Site
/** It takes a while to give up, so it begins while others go on. */
let throttled: Promise<Ran>
beforeAll(async () => {
  throttled = runOn({ faults: ['cbr.checkpoints:status=429:code=APIGW.0308'] }, [])
  site = await openSite()
})
afterAll(() => site.emulator.close())

/** One sentence for a person; no stack, no secret. */
function expectRefusal({ code, stdout, stderr }: Ran, expectedCode: 1 | 2, sentence: RegExp): void {
  expect({ code, stdout }).toEqual({ code: expectedCode, stdout: '' })
  expect(stderr).toMatch(sentence)
  expect(stderr).not.toMatch(/\n\s+at |node:|canary/)
}

describe('npm run checkpoint', () => {
  it('says with which key to ask again where waiting is interrupted', async () => {
    const slow = await openSite({ checkpointMs: 600_000 })
    const argv = ['--wait', '--format', 'json', '--idempotency-key', 'left']
    const left = await slow.run(
      argv,
      {},
      {
        onStderr: (piece, child) => piece.startsWith('Checkpoint:') && child.kill('SIGINT'),
      },
    )
    expect({ code: left.code, stdout: left.stdout }).toEqual({ code: 130, stdout: '' })
    expect(left.stderr).toMatch(
      /\nInterrupted\. The checkpoint goes on\. Ask again .* --idempotency-key left --wait/,
    )
    expect(
      JSON.parse((await slow.run(['--format', 'json', '--idempotency-key', 'left'])).stdout),
    ).toMatchObject({
      state: 'started',
    })
    expect(slow.posts()).toBe(1)
    await slow.emulator.close()
  })

  it('starts one, says what was taken in, and is asked for again under its key without another', async () => {
    const argv = ['--name', '夜间-01', '--idempotency-key', 'once']
    const first = await site.run([...argv, '--wait'])
    const again = await site.run([...argv, '--format', 'json'])
    expect([first.code, again.code]).toEqual([0, 0])
    expect(first.stdout).toMatch(/^Checkpoint {2}[0-9a-f-]{36} \(protecting\)\nOperation {3}[0-9a-v]{32}\n/)
    expect(first.stdout.split(`Accepted    ${site.resources.length} resources`)).toHaveLength(2)
    for (const { id } of site.resources) expect(first.stdout).toContain(String(id))
    expect(first.stdout.match(/ available {2}夜间-01_\d{4} of /g)).toHaveLength(site.resources.length)
    const body = readJson(again.stdout)
    expect(body).toMatchObject({ idempotency_key: 'once', state: 'done', skipped: [], backups: null })
    expect(first.stdout).toContain(textAt(body, 'checkpoint_id'))
    expect(first.stdout).toContain(textAt(body, 'operation'))
    expect(site.posts()).toBe(1)
  })

  it('sends every flag', async () => {
    const [server] = site.resources
    const volume = '94eba8b2-acc9-4d82-badc-127144cc5526'
    const what = ['--resource', `${server?.['id']}:OS::Nova::Server:erp: old`, '--exclude-volume', volume]
    const how = ['--description', 'Before the migration', '--full', '--auto-trigger', '--name=--help']
    const { code, stdout } = await site.run([...what, ...how, '--wait', '--format', 'json'])
    const body = readJson(stdout)
    expect(code).toBe(0)
    expect(body).toMatchObject({ status: 'available', state: 'done' })
    expect(body['backups']).toHaveLength(1)
    expect(objectAt(body, 'backups.0')).toMatchObject({
      name: '--help',
      description: 'Before the migration',
      incremental: false,
      extend_info: { auto_trigger: true },
      resource_id: server?.['id'],
      status: 'available',
    })
  })

  it('ends with 1 where the checkpoint does not come to a good end, with 4 where the wait is over', async () => {
    const [failed, late] = await Promise.all([
      runOn({ faults: ['cbr.checkpoints:fail'] }, ['--wait', '--format', 'json']),
      runOn({ checkpointMs: 60_000 }, ['--wait', '--timeout', '0.1s']),
    ])
    expect(failed.code).toBe(1)
    expect(JSON.parse(failed.stdout)).toMatchObject({ status: 'error', state: 'failed' })
    expect(failed.stderr).toMatch(/The checkpoint failed: \d+ of \d+ backups ended in error: al-\S+ of /)
    expect(late.code).toBe(4)
    expect(late.stderr).toMatch(/not available yet.*--idempotency-key [0-9a-f]{32} --wait/)
  })

  it('ends with 1 where it is asked for again after it failed, and says so', async () => {
    const broken = await openSite({ faults: ['cbr.checkpoints:fail'] })
    try {
      const argv = ['--idempotency-key', 'again']
      expect((await broken.run([...argv, '--wait'])).code).toBe(1)
      const [json, text] = [await broken.run([...argv, '--format', 'json']), await broken.run(argv)]
      expect([json.code, text.code, broken.posts()]).toEqual([1, 1, 1])
      expect(readJson(json.stdout)).toMatchObject({ status: 'error', state: 'failed' })
      expect(text.stdout).toMatch(/^Checkpoint {2}\S+ \(error\)\n/)
      expect(text.stderr).toMatch(/The checkpoint failed: \d+ of \d+ backups ended in error/)
    } finally {
      await broken.emulator.close()
    }
  })

  it('ends with 4 where the wait is over and no backup of a resource is in sight, and says of which', async () => {
    const vault = { id: site.vaultId, resources: [{ id: NO_SUCH_VAULT, name: 'web\u001b[31m' }] }
    const server = await startFaultServer([
      (response, { url }) => {
        const checkpoint = { id: 'c', status: 'available', vault }
        const body = /\/backups\?/.test(url) ? { backups: [], count: 0 } : { checkpoint }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      },
    ])
    const environment = { HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: server.origin }
    const { code, stderr } = await site.run(['--wait', '--timeout', '0.1s'], environment)
    await server.close()
    expect(code).toBe(4)
    expect(stderr).toContain(`No backup of web\ufffd[31m (${NO_SUCH_VAULT}) is in sight`)
  })

  it('ends with 4 where the wait is over and Huawei did not let it look, and says so', async () => {
    const faults = ['cbr.checkpoint:status=403:code=BackupService.8600', 'cbr.backups:status=403']
    const { code, stderr } = await runOn({ faults }, ['--wait', '--timeout', '0.1s'])
    expect(code).toBe(4)
    expect(stderr).toMatch(
      /The checkpoint was started, but is not available yet: the time to --wait is over\. How it stands cannot be seen just now: .*403 BackupService\.8600.*--idempotency-key/,
    )
  })

  it('ends with 4 where another process is at it, and says so', async () => {
    const slow = await openSite({ faults: ['cbr.checkpoints:latency=1500'] })
    try {
      const argv = ['--idempotency-key', 'k']
      const [one, other] = await Promise.all([slow.run(argv), wait(700).then(() => slow.run(argv))])
      expect([one.code, other.code, slow.posts()]).toEqual([0, 4, 1])
      expect(other.stderr).toMatch(/The outcome is not known\. Another process is at it: /)
    } finally {
      await slow.emulator.close()
    }
  })

  it('ends with 5 where resources were skipped, and says which and why', async () => {
    const busy = await openSite()
    try {
      const [first] = busy.resources
      if (first !== undefined) first['protect_status'] = 'restoring'
      const { code, stdout } = await busy.run(['--wait'])
      expect(code).toBe(5)
      const why = 'BackupService.6215 The status of the resource forbids a backup.'
      expect(stdout).toContain(`${first?.['name']}  OS::Nova::Server  ${first?.['id']}: ${why}`)
    } finally {
      await busy.emulator.close()
    }
  })

  it('ends with 4 where the answer was lost, never sends again, and finds it under the same key, with what was skipped', async () => {
    const lossy = await openSite({ faults: ['cbr.checkpoints:reset:executed:times=1'] })
    try {
      const [first] = lossy.resources
      if (first !== undefined) first['protect_status'] = 'restoring'
      const lost = await lossy.run(['--idempotency-key', 'k'])
      expect(lost.code).toBe(4)
      expect(lost.stdout).toMatch(/^Checkpoint {2}not known \(unknown\)/)
      expect(lost.stderr).toMatch(/The outcome is not known.*--idempotency-key k --wait/)
      const found = await lossy.run(['--idempotency-key', 'k', '--wait'])
      expect(found.code).toBe(5)
      const [start, news] = found.stdout.split(/^Key {9}k\n/m)
      expect(start).toMatch(/^Checkpoint {2}not known \(unknown\)/)
      expect(news).toMatch(/^Checkpoint {2}[0-9a-f-]{36} \(available\)\nVault {7}vault-erp-prod \(/)
      expect(news).toMatch(new RegExp(`^ {2}.* ${first?.['id']}: BackupService\\.6215 `, 'm'))
      expect(lossy.posts()).toBe(1)
    } finally {
      await lossy.emulator.close()
    }
  })
})

describe('npm run checkpoint that cannot be done', () => {
  it('names all mistakes in flags and environment at once, and sends nothing', async () => {
    const before = site.posts()
    const argv = ['--name', 'a b', '--resource', 'y', '--resource-id', 'z', '--timeout', '5m', '--ful']
    const env = { HUAWEICLOUD_SDK_SK: undefined }
    const ran = await site.run([...argv, '--format', 'xml', '--idempotency-key', '钥'], env)
    expectRefusal(ran, 2, /--name found "a b", allowed is 1 to 64 letters/)
    const pointers = ran.stderr.trim().split('\n').slice(1)
    expect(pointers.map((line) => line.trim().split(' ')[0])).toEqual([
      '--ful',
      '--resource',
      '--idempotency-key',
      '--name',
      '--resource-id',
      '--format',
      '--timeout',
      'HUAWEICLOUD_SDK_SK',
    ])
    expect(site.posts()).toBe(before)
  })

  it('asks for a vault, for one target of several, and for another key where the request is another', async () => {
    const env = emulatorEnvironment(site.emulator, {
      REPORT_STORE: `file:${mkdtempSync(join(folder, 's-'))}`,
    })
    const [vault, target] = await Promise.all([
      runCli(['checkpoint']),
      runCli(['checkpoint', '--vault-id', 'x', '--name', 'a b'], env),
      site.run(['--idempotency-key', 'taken', '--resource-id', String(site.resources[0]?.['id'])]),
    ])
    expectRefusal(vault, 2, /--vault-id found nothing, allowed is a uuid/)
    expectRefusal(target, 2, /--target found nothing, and several targets fit; .*cn-north-4, ap-southeast-1/)
    expect(target.stderr).toMatch(/--vault-id found "x"[\s\S]*--name found "a b"/)
    expectRefusal(await site.run(['--idempotency-key', 'taken']), 1, /--idempotency-key belongs to operation/)
  })

  it('says that there is no such vault, that the key is wrong, and that Huawei allows no more calls', async () => {
    const target = targetOf(site.emulator.fleet.projects[0])
    const env = emulatorEnvironment(site.emulator, {
      REPORT_STORE: `file:${mkdtempSync(join(folder, 's-'))}`,
    })
    const [vault, key] = await Promise.all([
      runCli(['checkpoint', '--vault-id', NO_SUCH_VAULT, '--target', target], env),
      site.run([], { HUAWEICLOUD_SDK_SK: 'canary-secret' }),
    ])
    expectRefusal(vault, 1, /BackupService\.6105.*There is no such vault/)
    expectRefusal(key, 1, /APIGW\.0301.*HUAWEICLOUD_SDK_AK/)
    expectRefusal(await throttled, 1, /429 APIGW\.0308/)
  })
})

describe('npm run checkpoint without credentials', () => {
  it('goes to the emulator and says so, and leaves nothing behind', async () => {
    const store = mkdtempSync(join(folder, 'store-'))
    const env = { REPORT_STORE: `file:${store}`, TMPDIR: mkdtempSync(join(folder, 'tmp-')) }
    const refused = await runCli(['checkpoint', '--vault-id', NO_SUCH_VAULT], env)
    expectRefusal(refused, 1, /^No credentials in the environment: .* emulator, and to nothing else\./)
    const [vaultId = ''] = UUID.exec(refused.stderr) ?? []
    const started = await runCli(['checkpoint', '--vault-id', vaultId], env)
    expect(started.code).toBe(0)
    expect([...readdirSync(store), ...readdirSync(env.TMPDIR)]).toEqual([])
  })

  it('refuses a target, for that would be somebody’s cloud', async () => {
    const ran = await runCli(['checkpoint', '--vault-id', NO_SUCH_VAULT, '--target', 'cn-north-4'])
    expectRefusal(ran, 2, /--target is given without credentials/)
  })

  it('has every flag in its help with an example, within 80 columns', async () => {
    const { code, stdout } = await runCli(['checkpoint', '--help'], { HUAWEICLOUD_SDK_AK: 'half a pair' })
    expect(code).toBe(0)
    const flags = ['vault-id', 'name', 'description', 'resource-id', 'resource', 'exclude-volume', 'full']
    const rest = ['auto-trigger', 'idempotency-key', 'target', 'wait', 'timeout', 'format', 'help']
    for (const flag of [...flags, ...rest]) expect(stdout).toContain(`  --${flag}`)
    const [usage = ''] = stdout.split('Examples\n')
    const texts = usage.split(/^ {2}(?=--)/m).slice(1)
    for (const text of texts.filter((one) => !one.startsWith('--help')))
      expect(text.replaceAll(/\s+/g, ' ')).toMatch(/Example: |such as /)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })
})
