import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startEmulator } from '../../local/emulator/server.ts'
import { signAlert } from '../../local/sign-alert.ts'
import { answering, startFaultServer } from '../support/fault-server.ts'
import { fetchJson } from '../support/fetch-json.ts'
import { readJson } from '../support/json.ts'
import { runCli } from '../support/run-cli.ts'
import { SMN_TOPIC, SNS_TOPIC } from '../support/topic-messages.ts'

const MAIN = join(import.meta.dirname, '../../local/main.cjs')
const folder = mkdtempSync(join(tmpdir(), 'alert-'))
const SECRETS = {
  alertmanager: ['a-bearer-token'],
  grafana: ['a-grafana-key'],
  pagerduty: ['a-pagerduty-key'],
  'standard-webhooks': [`whsec_${Buffer.alloc(32, 1).toString('base64')}`],
}
const policyFor = (vault: object) => ({
  alerts: {
    rules: [
      { source: 'grafana', match: { alertname: 'audit-*' }, audit: { targets: ['cn-north-4'] } },
      {
        source: 'pagerduty',
        match: { 'data.title': 'vault-*' },
        checkpoint: vault,
      },
    ],
  },
})
const environment = {
  ALERT_SECRETS: JSON.stringify(SECRETS),
  REPORT_STORE: `file:${folder}/store`,
  AUDIT_POLICY: `${folder}/policy.json`,
}
let served: ChildProcess
let origin: string

beforeAll(async () => {
  writeFileSync(`${folder}/policy.json`, JSON.stringify(policyFor(await someVault())))
  const env = { PATH: process.env['PATH'], PORT: '0', ...environment }
  served = spawn(process.execPath, [MAIN, 'start'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  if (served.stdout === null) throw new Error('The server has no stdout')
  const [line] = (await once(createInterface(served.stdout), 'line')) as [string]
  origin = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? ''
})

afterAll(async () => {
  const ended = once(served, 'exit')
  served.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true })
})

/** A vault of the emulator that the server will start: its company is always the same. */
async function someVault() {
  const emulator = await startEmulator({ now: Date.now })
  const [project] = emulator.fleet.projects
  await emulator.close()
  return { region: project?.region, project_id: project?.id, vault_id: project?.vaults[0]?.id }
}

const alert = (...argv: readonly string[]) => runCli(['alert', '--url', origin, ...argv], environment)

describe('npm run alert', () => {
  it('signs a sample of each sender, which the server stores', async () => {
    const sources = Object.keys(SECRETS)
    const all = await Promise.all(sources.map((source) => alert('--source', source, '--name', 'of-no-rule')))
    for (const { code, stdout, stderr } of all) {
      const [id = ''] = /[0-9a-v]{32}/.exec(stdout) ?? []
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: expect.stringMatching(
          /^Stored as \w+\. It starts nothing: no rule of the policy .* fits it, .*\n$/,
        ),
        stderr: '',
      })
      expect(readdirSync(`${folder}/store/inbox/parked`)).toContain(`${id}.json`)
    }
  })

  it('says of a file that is not JSON that it was set aside', async () => {
    writeFileSync(`${folder}/bad.json`, '{"status":')
    const { code, stdout } = await alert('--source', 'grafana', '--file', `${folder}/bad.json`)
    const [id = ''] = /[0-9a-v]{32}/.exec(stdout) ?? []
    expect(code).toBe(0)
    expect(stdout).toContain(
      'It starts nothing: it is not JSON, and was set aside (inbox/quarantine in the store).',
    )
    expect(readdirSync(`${folder}/store/inbox/quarantine`)).toContain(`${id}.json`)
  })

  it('starts an audit by a rule, whose report is at the path that it prints', async () => {
    const ran = await alert('--source', 'grafana', '--name', 'audit-now')
    const [, url = ''] = /It starts\n {2}(\S+)\n/.exec(ran.stdout) ?? []
    expect(url).toMatch(/\/audits\/[0-9a-v]{32}$/)
    await vi.waitFor(async () => expect((await fetchJson(url)).status).toBe(200), {
      timeout: 25_000,
      interval: 200,
    })
    const { body } = await fetchJson(url)
    expect(body['summary']).toMatchObject({ verdict: 'complete', audit_id: expect.stringMatching(/^\d{8}T/) })
  })

  it('starts one checkpoint for many alerts of one vault, and says to each what became of it', async () => {
    const [secret = ''] = SECRETS.pagerduty
    const numbers = Array.from({ length: 20 }, (_, index) => index)
    const paths = await Promise.all(
      numbers.map(async (number) => {
        const event = {
          id: `E${number}`,
          event_type: 'incident.triggered',
          occurred_at: '2026-11-28T10:00:00Z',
        }
        const data = { id: `P${number}`, title: `vault-alarm-${number}`, created_at: '2026-11-28T10:00:00Z' }
        const body = Buffer.from(JSON.stringify({ event: { ...event, data } }))
        const headers = signAlert('pagerduty', { secret, body, id: '', epochMs: 0 })
        const answer = await fetch(`${origin}/alerts/pagerduty`, { method: 'POST', headers, body })
        expect(answer.status).toBe(202)
        const receipt = (await answer.json()) as { readonly operations: readonly string[] }
        return receipt.operations[0] ?? ''
      }),
    )
    expect(new Set(paths).size).toBe(20)
    await vi.waitFor(
      async () => {
        const all = await Promise.all(paths.map((path) => fetchJson(`${origin}${path}`)))
        const started = all.filter(({ body }) => typeof body['checkpoint_id'] === 'string')
        expect(started).toHaveLength(1)
        const joined = all.filter(({ body }) => body['joined_to'] === started[0]?.body['operation'])
        expect(joined).toHaveLength(19)
      },
      { timeout: 25_000, interval: 300 },
    )
  })

  it('sends a file byte for byte', async () => {
    const text = '{"type": "alert.resolved",\t"data": {"name": "备份"}}\r\n'
    writeFileSync(`${folder}/alert.json`, text)
    const ran = await alert('--source', 'standard-webhooks', '--file', `${folder}/alert.json`)
    const [id = ''] = /[0-9a-v]{32}/.exec(ran.stdout) ?? []
    expect(readJson(readFileSync(`${folder}/store/inbox/alert/${id}.json`, 'utf8'))['body']).toBe(text)
  })

  it.each(['/prod', '/prod/', ''])('keeps the path of --url, also where to ask: %j', async (path) => {
    const server = await startFaultServer([answering(202, { alert_id: 'a', operations: ['/checkpoints/x'] })])
    const argv = ['alert', '--source', 'grafana', '--url', `${server.origin}${path}`]
    const { stdout } = await runCli(argv, environment)
    await server.close()
    const prefix = path.replace(/\/$/, '')
    expect(server.seen.map(({ url }) => url)).toEqual([`${prefix}/alerts/grafana`])
    expect(stdout).toBe(`Stored as a. It starts\n  ${server.origin}${prefix}/checkpoints/x\n`)
  })

  it.each([
    'http://me:word@127.0.0.1',
    'http://127.0.0.1/?x=1',
    'http://127.0.0.1/#x',
    'ftp://127.0.0.1',
    'x',
  ])('takes as --url scheme, host and path alone, and says so: %s', async (url) => {
    const { code, stderr } = await runCli(['alert', '--source', 'grafana', '--url', url], environment)
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /--url has ".*", which is no address of a server; write scheme, host and at most a path, such as/,
    )
    expect(stderr).not.toContain('word')
  })

  it('says what is wrong, all at once, and no secret', async () => {
    const ran = await runCli(['alert', '--source', 'smn', '--url', 'x', '--file', 'a', '--name', 'b'], {
      ALERT_SECRETS: JSON.stringify({
        grafana: [' blank'],
        grfana: ['x'],
        smn: ['y'],
        'standard-webhooks': ['whsec_short'],
      }),
    })
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr.split('\n').slice(1, -1)).toEqual([
      expect.stringMatching(/^ {2}ALERT_SECRETS \/grafana\/0 has a blank/),
      expect.stringMatching(/^ {2}ALERT_SECRETS has a key that is none of .*did you mean grafana\?$/),
      expect.stringMatching(/^ {2}ALERT_SECRETS \/smn takes no secret/),
      expect.stringMatching(/^ {2}ALERT_SECRETS \/standard-webhooks\/0 is not base64/),
      expect.stringMatching(/^ {2}--source is signed with a key that only its service holds/),
      expect.stringMatching(/^ {2}--url has "x", which is no address/),
      expect.stringMatching(/^ {2}--name names the sample/),
    ])
    expect(ran.stderr).not.toMatch(/ blank"|short/)
  })

  it('says why the server refused', async () => {
    const ran = await runCli(['alert', '--url', origin, '--source', 'alertmanager'], {
      ALERT_SECRETS: JSON.stringify({ alertmanager: ['another-token'] }),
    })
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toMatch(/answered 401: .* Its secret is another\.$/m)
  })

  it('shows the links that confirm topics, each checked again, and follows none', async () => {
    const store = `${folder}/confirmations`
    mkdirSync(`${store}/inbox/confirmation`, { recursive: true })
    const smnLink = `https://sa-brazil-1-console.huaweicloud.com/smn/subscription/confirm?token=t&topic_urn=${SMN_TOPIC}`
    const notes = [
      { source: 'smn', topic: SMN_TOPIC, link: smnLink, received_at: '2026-11-28T10:00:00.000Z' },
      {
        source: 'smn',
        topic: SMN_TOPIC,
        link: 'https://evil.example/',
        received_at: '2026-11-28T11:00:00.000Z',
      },
      {
        source: 'sns',
        topic: SNS_TOPIC,
        link: 'https://evil.example/?Token=abc',
        received_at: '2026-11-28T12:00:00.000Z',
      },
    ]
    for (const [index, note] of notes.entries())
      writeFileSync(`${store}/inbox/confirmation/${index}.json`, JSON.stringify(note))
    const ran = await runCli(['alert', '--confirmations'], { REPORT_STORE: `file:${store}` })
    expect(ran.code).toBe(0)
    expect(ran.stdout).toContain(
      `asked at 2026-11-28T10:00:00.000Z, valid for 48 hours\n  Open this link to confirm: ${smnLink}\n`,
    )
    expect(ran.stdout).not.toContain('evil.example')
    expect(ran.stdout).toContain('confirm it in the console')
    expect(ran.stdout).toContain(
      'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn',
    )
    const none = await runCli(['alert', '--confirmations'], { REPORT_STORE: `file:${folder}/empty` })
    expect(none.stdout).toMatch(/^No topic has asked/)
  })
})
