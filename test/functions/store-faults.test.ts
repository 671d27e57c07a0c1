import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCheckpointRoutes } from '../../functions/create-checkpoint.ts'
import { readConfig } from '../../lib/runtime/config.ts'
import { httpFunction } from '../../lib/runtime/http.ts'
import { createServices, FOR_REQUESTS, type Services } from '../../lib/runtime/services.ts'
import { auditRoutes } from '../../lib/workflow/audit-routes.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import { type Emulator, startEmulator } from '../../local/emulator/server.ts'
import { readJson, textAt } from '../support/json.ts'
import { runCli } from '../support/run-cli.ts'
import { type S3ForTests, startS3ForTests } from '../support/s3.ts'

let s3: S3ForTests
let emulator: Emulator
let services: Services
let environment: Readonly<Record<string, string | undefined>>

beforeAll(async () => {
  s3 = await startS3ForTests()
  emulator = await startEmulator({ now: Date.now, backups: 300 })
  environment = emulatorEnvironment(emulator, s3.env)
  for (const [name, value] of Object.entries(s3.env)) process.env[name] = value
  services = createServices(readConfig(environment), FOR_REQUESTS)
})

beforeEach(() => {
  s3.server.fail = undefined
})

afterAll(async () => {
  services.close()
  for (const name of Object.keys(s3.env)) delete process.env[name]
  await Promise.all([s3.server.stop(), emulator.close()])
})

async function call(method: string, path: string, body?: unknown) {
  const handle = httpFunction(services, { ...auditRoutes, ...createCheckpointRoutes })
  const text = body === undefined ? {} : { body: JSON.stringify(body), isBase64Encoded: false }
  const result = await handle({
    rawPath: path.split('?')[0],
    rawQueryString: path.split('?')[1] ?? '',
    headers: { 'content-type': 'application/json' },
    requestContext: { http: { method }, stage: '$default' },
    ...text,
  })
  return { status: result.statusCode, body: readJson(result.body) }
}

const vaultId = () => String(emulator.fleet.projects[0]?.vaults[0]?.id)

/** What goes wrong with every request to the store, in the words of S3. */
const FAULTS = [
  ['forbids', { status: 403, code: 'AccessDenied' }],
  ['is full', { status: 507, code: 'QuotaExceeded' }],
  ['is down', { status: 503, code: 'ServiceUnavailable' }],
] as const

describe('where the store fails', () => {
  it.each(FAULTS)('because it %s, every route that needs it answers 503 unavailable', async (_, fault) => {
    s3.server.fail = () => fault
    const region = 'region=cn-north-4'
    const answers = [
      await call('POST', '/audits'),
      await call('GET', '/audits/latest'),
      await call('GET', '/audits/20260101T000000.000Z-00000000'),
      await call('POST', `/checkpoints?${region}`, { checkpoint: { vault_id: vaultId() } }),
    ]
    for (const { status, body } of answers) {
      expect([status, body['code']]).toEqual([503, 'unavailable'])
      expect(JSON.stringify(body)).not.toMatch(/test-secret-key|\.ts:\d/)
    }
    expect(emulator.requests.filter(({ method }) => method === 'POST')).toEqual([])
  })

  it.each(FAULTS)(
    'because it %s, an audit ends with 1 and one sentence, and publishes nothing',
    async (_, fault) => {
      s3.server.fail = ({ method }) => (method === 'GET' ? undefined : fault)
      const ran = await runCli(['audit', '--quiet'], environment)
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^Cannot [^\n]+\n$/) })
      expect([...(s3.server.buckets.get('audit-reports')?.keys() ?? [])]).toEqual([])
    },
  )

  it('only where latest.json is, the audit ends with 1 and says where its whole report is', async () => {
    const before = new Set(s3.server.buckets.get('audit-reports')?.keys())
    s3.server.fail = ({ method, path }) =>
      method === 'PUT' && path.endsWith('/latest.json') ? { status: 403, code: 'AccessDenied' } : undefined
    const ran = await runCli(['audit', '--quiet'], environment)
    const keys = [...(s3.server.buckets.get('audit-reports')?.keys() ?? [])]
    const manifest = keys.find((key) => key.endsWith('manifest.json') && !before.has(key))
    const auditId = manifest?.split('/').at(-2)
    const cannot = `Cannot move "${s3.address}/latest.json" to audit "${auditId}", whose report is whole: "${s3.address}/${auditId}". `
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^Cannot [^\n]+\n$/) })
    expect(ran.stderr).toContain(cannot)
    expect(ran.stderr).toMatch(/the next audit moves it forward.* allow this role .*s3:PutObject/)

    s3.server.fail = undefined
    await runCli(['audit', '--quiet'], environment)
    const bucket = s3.server.buckets.get('audit-reports')
    const latest = readJson(bucket?.get('team/backups/latest.json')?.body.toString() ?? '')
    expect(textAt(latest, 'audit_id') > (auditId ?? '')).toBe(true)
    bucket?.clear()
  })

  it('only from the middle of a report on, no manifest and no latest.json appear', async () => {
    let puts = 0
    s3.server.fail = ({ method }) => {
      puts += method === 'PUT' ? 1 : 0
      return method === 'PUT' && puts > 6 ? { status: 503, code: 'SlowDown' } : undefined
    }
    const ran = await runCli(['audit', '--quiet'], environment)
    expect(ran.code).toBe(1)
    const keys = [...(s3.server.buckets.get('audit-reports')?.keys() ?? [])]
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.filter((key) => /manifest\.json$|latest\.json$/.test(key))).toEqual([])
  })
})
