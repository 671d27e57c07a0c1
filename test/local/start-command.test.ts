import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { expectDescribed } from '../support/described.ts'
import { runCli } from '../support/run-cli.ts'

const MAIN = join(import.meta.dirname, '../../local/main.cjs')
const folder = mkdtempSync(join(tmpdir(), 'start-'))
let child: ChildProcess
let origin: string

async function startServer(environment: Readonly<Record<string, string>>) {
  const env = { PATH: process.env['PATH'], PORT: '0', ...environment }
  const served = spawn(process.execPath, [MAIN, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [line] = (await once(createInterface(served.stdout), 'line')) as [string]
  return { served, at: /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '' }
}

beforeAll(async () => {
  const { served, at } = await startServer({ REPORT_STORE: `file:${folder}/reports` })
  child = served
  origin = at
})

afterAll(async () => {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  rmSync(folder, { recursive: true })
})

const answerOf = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${origin}${path}`, init)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const ask = async (path: string, init?: RequestInit) => {
  const { status, headers, ...response } = await answerOf(path, init)
  const body = JSON.parse(response.text)
  expectDescribed(init?.method ?? 'GET', path.replace(/\?.*/s, ''), {
    status,
    headers: Object.fromEntries(headers),
    body,
  })
  return { status, headers, body }
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

describe('npm start', () => {
  it('lists backups in the words of Huawei, page by page', async () => {
    const first = await ask('/backups?region=cn-north-4&status=error&status=available&limit=2')
    expect(first.status).toBe(200)
    expect(first.body.backups).toHaveLength(2)
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await ask(next)
    expect(second.body).toMatchObject({ count: first.body.count, offset: 2 })
  })

  it('runs an audit that was asked for, and shows its report when it is whole', async () => {
    expect((await ask('/audits/latest')).body).toMatchObject({ status: 404, code: 'not_found' })
    const asked = await ask('/audits', json({ targets: ['cn-north-4'] }))
    expect(asked.status).toBe(202)
    const location = asked.headers.get('location') ?? ''
    expect(location).toBe(`/audits/${asked.body.audit_id}`)
    let shown = await ask(location)
    while (shown.status === 202) {
      expect(shown.body).toEqual({ audit_id: asked.body.audit_id, status: 'running' })
      await wait(100)
      shown = await ask(location)
    }
    expect(shown.status).toBe(200)
    expect(shown.body.summary).toMatchObject({ audit_id: asked.body.audit_id, verdict: 'complete' })
    expect(new Set(shown.body.summary.targets.map(({ region }: { region: string }) => region))).toEqual(
      new Set(['cn-north-4']),
    )
    expect(readFileSync(fileURLToPath(shown.body.links['report.html']), 'utf8')).toContain('<!doctype html>')
    // The report is whole a moment before latest.json names it.
    await vi.waitFor(async () => expect((await ask('/audits/latest')).body).toEqual(shown.body))
  })

  it('refuses at once to compare with an audit that is not there, parameters that mean nothing here, and other mistakes', async () => {
    const asked = await ask('/audits?region=cn-north-4', json({ previous: 'never-was', as_of: 'noon' }))
    expect(asked).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect(asked.body.errors).toEqual([
      expect.objectContaining({ pointer: '/query/region' }),
      { pointer: '/as_of', detail: expect.stringContaining('found "noon"') },
      { pointer: '/previous', detail: expect.stringContaining('found "never-was", which is no audit') },
    ])
  })

  it('names what a body says twice beside its other mistakes', async () => {
    const body = '{"vault_id":"one","vault_id":"two","as_of":"noon"}'
    const asked = await ask('/audits', { ...json({}), body })
    expect(asked).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect(asked.body.errors).toEqual([
      { pointer: '/vault_id', detail: expect.stringContaining('is written more than once') },
      { pointer: '/as_of', detail: expect.stringContaining('found "noon"') },
    ])
  })

  it('says how many parameters there are that it does not name', async () => {
    const parameters = (count: number) =>
      Array.from({ length: count }, (_, index) => `p${index}=%ff`).join('&')
    const lastOf = async (count: number) =>
      (await ask(`/audits/latest?${parameters(count)}`)).body.errors.slice(19)
    const last = { pointer: '/query/p19', detail: 'is no parameter of this route; it takes none' }
    const more = (found: string) => ({
      pointer: '/query',
      detail: `has further parameters: ${found}; this route takes none`,
    })
    expect(await lastOf(20)).toEqual([last])
    expect(await lastOf(25)).toEqual([last, more('5')])
    expect(await lastOf(500)).toEqual([last, more('at least 81')])
  })

  it('audits no project that is not configured, whatever the keys can see', async () => {
    const asked = await ask('/audits', json({ targets: ['cn-north-4:ffff'] }))
    expect(asked).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })

  it.each([
    ['GET', '/nowhere', undefined, 404, 'not_found'],
    ['DELETE', '/audits', undefined, 404, 'not_found'],
    ['GET', '/audits/..%2F..%2Fetc', undefined, 404, 'not_found'],
    ['GET', '/audits/latest?limit=1', undefined, 400, 'invalid_request'],
    ['POST', '/audits', '{"targets":', 400, 'invalid_request'],
    ['POST', '/audits', '{"targets":["xx-none-1"]}', 403, 'forbidden'],
    ['POST', '/audits', `{"targets":["${'x'.repeat(2 ** 20)}"]}`, 400, 'invalid_request'],
    ['POST', '/audits', 'x'.repeat(12 * 2 ** 20), 400, 'invalid_request'],
    ['GET', '/backups', undefined, 400, 'invalid_request'],
    ['GET', '/backups?region=eu-west-0', undefined, 403, 'forbidden'],
  ])('answers %s %s (%s) with a problem', async (method, path, body, status, code) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const {
      body: problem,
      headers: answered,
      status: found,
    } = await ask(path, { method, headers, body: body ?? null })
    expect(answered.get('content-type')).toBe('application/problem+json')
    expect([found, problem.status, problem.code]).toEqual([status, status, code])
    expect(JSON.stringify(problem)).not.toMatch(/\.ts:\d|node_modules/)
  })

  it('answers no page of somebody else that a browser here has open', async () => {
    const asked = await ask('/audits', { method: 'POST', headers: { origin: 'https://evil.example' } })
    expect(asked).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })

  it('names every mistake of port, store and policy before it listens', async () => {
    const environment = { PORT: 'x', REPORT_STORE: 'ftp://x', AUDIT_POLICY: '/nonexist.json' }
    const { code, stdout, stderr } = await runCli(['start'], environment)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(
      /^Cannot start:\n {2}PORT has "x".*\n {2}REPORT_STORE has .*\n {2}AUDIT_POLICY .*\n$/,
    )
  })

  it('does not begin where no region of AWS is known for a policy in S3', async () => {
    const nowhere = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/nowhere' }
    const { code, stderr } = await runCli(['start'], {
      PORT: '0',
      REPORT_STORE: `file:${folder}/nowhere`,
      AUDIT_POLICY: 's3://bucket/policy.json',
      ...nowhere,
    })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Cannot read s3:\/\/bucket\/policy\.json: .*; set AWS_REGION/)
  })

  it('begins while the store of the policy is out of reach, and says so to whoever needs it', async () => {
    const { served, at } = await startServer({
      REPORT_STORE: `file:${folder}/unreachable`,
      AUDIT_POLICY: 's3://bucket/policy.json',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'ak',
      AWS_SECRET_ACCESS_KEY: 'sk',
      ALERT_SECRETS: '{"grafana":["try-me-key"]}',
    })
    const answer = await fetch(`${at}/alerts/grafana`, json({}))
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      code: 'unavailable',
      detail: expect.stringContaining('s3://bucket/policy.json'),
    })
    const ended = once(served, 'exit')
    served.kill('SIGTERM')
    await ended
  })

  it('says at start which rules of alerts can start nothing here', async () => {
    const policy = join(folder, 'out-of-reach.json')
    const vault_id = '3b5816b5-f29c-4172-9d9a-76c719a659ce'
    const checkpoint = { region: 'cn-north-9', project_id: 'p', vault_id }
    const rules = [{ source: 'grafana', match: {}, checkpoint }]
    writeFileSync(policy, JSON.stringify({ alerts: { rules } }))
    const { served } = await startServer({ REPORT_STORE: `file:${folder}/elsewhere`, AUDIT_POLICY: policy })
    const [said] = (await once(createInterface(served.stderr), 'line')) as [string]
    const ended = once(served, 'exit')
    served.kill('SIGTERM')
    await ended
    expect(said).toMatch(
      /^warn alert rule out of reach \(\/alerts\/rules\/0\/checkpoint found cn-north-9:p, allowed is what is configured here: \S+/,
    )
  })

  it('refuses a port that is taken in one sentence', async () => {
    const port = new URL(origin).port
    const ran = await runCli(['start'], { PORT: port, REPORT_STORE: `file:${folder}/other` })
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(new RegExp(`port ${port} is taken; choose another`))
  })

  it('finishes a running audit before it ends, and publishes it whole', async () => {
    const { served, at } = await startServer({ REPORT_STORE: `file:${folder}/finished` })
    const exit = once(served, 'exit')
    const asked = await fetch(`${at}/audits`, { method: 'POST' })
    const { audit_id } = (await asked.json()) as { audit_id: string }
    served.kill('SIGINT')
    // As npm does: one press of Ctrl-C arrives twice.
    served.kill('SIGINT')
    expect(await exit).toEqual([0, null])
    const manifest = readFileSync(`${folder}/finished/${audit_id}/manifest.json`, 'utf8')
    expect(JSON.parse(manifest)).toMatchObject({ verdict: 'complete' })
  })

  it('ends at once at a second Ctrl-C, and publishes nothing of the audit', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const { served, at } = await startServer({
      HUAWEICLOUD_SDK_AK: 'AK',
      HUAWEICLOUD_SDK_SK: 'SK',
      AUDIT_TARGETS: 'cn-north-4:0605767b5780d5762fc5c0118072a564',
      HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: `http://127.0.0.1:${port}`,
      HUAWEICLOUD_SDK_REGION_DCS_CN_NORTH_4: `http://127.0.0.1:${port}`,
      REPORT_STORE: `file:${folder}/broken-off`,
    })
    const exit = once(served, 'exit')
    await fetch(`${at}/audits`, { method: 'POST' })
    served.kill('SIGINT')
    await wait(700)
    expect(served.exitCode).toBeNull()
    served.kill('SIGINT')
    expect(await exit).toEqual([130, null])
    const written = readdirSync(`${folder}/broken-off`, { recursive: true, encoding: 'utf8' })
    expect(written.filter((name) => /manifest|ledger\/audit\//.test(name))).toEqual([])
    silent.closeAllConnections()
    silent.close()
  })

  it('takes at once what an earlier process left in the inbox, and tells what became of it', async () => {
    const store = `${folder}/left`
    const first = await startServer({ REPORT_STORE: `file:${store}` })
    const vaults = await fetch(`${first.at}/backups?region=cn-north-4&limit=1`)
    const { backups } = (await vaults.json()) as { backups: { vault_id: string; project_id: string }[] }
    first.served.kill('SIGTERM')
    await once(first.served, 'exit')
    const operation = '0123456789abcdefghijklmnopqrstuv'
    const receivedAt = new Date().toISOString()
    const { vault_id, project_id } = backups[0] ?? { vault_id: '', project_id: '' }
    const checkpoint = {
      ...{ schema_version: 1, operation, alert_id: 'a', source: 'grafana', received_at: receivedAt },
      ...{ because: 'A test', request: { region: 'cn-north-4', project_id, vault_id } },
    }
    const audit = { operation: 'left-audit', alert_id: 'a', requested_at: receivedAt, request: { vault_id } }
    for (const [kind, order] of [
      ['checkpoint', checkpoint],
      ['audit', audit],
    ] as const) {
      mkdirSync(`${store}/inbox/${kind}`, { recursive: true })
      writeFileSync(`${store}/inbox/${kind}/${order.operation}.json`, JSON.stringify(order))
    }
    const { served, at } = await startServer({ REPORT_STORE: `file:${store}` })
    try {
      await vi.waitFor(async () => {
        const asked = await (await fetch(`${at}/checkpoints/${operation}`)).json()
        expect(asked).toMatchObject({
          operation,
          alert_id: 'a',
          state: expect.stringMatching(/started|done/),
        })
        const shown = await (await fetch(`${at}/audits/left-audit`)).json()
        expect(shown).toMatchObject({ summary: { scope: { vault_id } } })
      }, 60_000)
    } finally {
      const exit = once(served, 'exit')
      served.kill('SIGTERM')
      expect(await exit).toEqual([0, null])
    }
  }, 120_000)
})
