import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runCli } from '../support/run-cli.ts'

const MAIN = join(import.meta.dirname, '../../local/main.cjs')
const folder = mkdtempSync(join(tmpdir(), 'start-'))
let child: ChildProcess
let origin: string

beforeAll(async () => {
  const env = { PATH: process.env['PATH'], PORT: '0', REPORT_STORE: `file:${folder}/reports` }
  child = spawn(process.execPath, [MAIN, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.stdout === null) throw new Error('The server has no output')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  origin = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? ''
})

afterAll(async () => {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  rmSync(folder, { recursive: true })
})

const ask = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${origin}${path}`, init)
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
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

  it('says why an audit that was asked for has no report', async () => {
    const asked = await ask('/audits', json({ previous: 'never-was' }))
    expect(asked.status).toBe(202)
    let shown = await ask(`/audits/${asked.body.audit_id}`)
    for (let attempt = 0; shown.status === 202 && attempt < 50; attempt += 1) {
      await wait(100)
      shown = await ask(`/audits/${asked.body.audit_id}`)
    }
    expect(shown.body).toMatchObject({
      status: 404,
      detail: expect.stringContaining('Cannot compare with audit "never-was"'),
    })
  })

  it.each([
    ['GET', '/nowhere', undefined, 404, 'not_found'],
    ['DELETE', '/audits', undefined, 404, 'not_found'],
    ['GET', '/audits/..%2F..%2Fetc', undefined, 404, 'not_found'],
    ['GET', '/audits/latest?limit=1', undefined, 400, 'invalid_request'],
    ['POST', '/audits', '{"targets":', 400, 'invalid_request'],
    ['POST', '/audits', '{"targets":["xx-none-1"]}', 403, 'forbidden'],
    ['POST', '/audits', `{"targets":["${'x'.repeat(2 ** 20)}"]}`, 400, 'invalid_request'],
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

  it('names every mistake of port, store and policy before it listens', async () => {
    const environment = { PORT: 'x', REPORT_STORE: 'ftp://x', AUDIT_POLICY: '/nonexist.json' }
    const { code, stdout, stderr } = await runCli(['start'], environment)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(
      /^Cannot start:\n {2}PORT has "x".*\n {2}REPORT_STORE has .*\n {2}AUDIT_POLICY .*\n$/,
    )
  })

  it('refuses a port that is taken in one sentence', async () => {
    const port = new URL(origin).port
    const ran = await runCli(['start'], { PORT: port, REPORT_STORE: `file:${folder}/other` })
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(new RegExp(`port ${port} is taken; choose another`))
  })
})
