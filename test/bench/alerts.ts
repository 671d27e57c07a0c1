// What receiving alerts costs beside a handler that does nothing: npm run bench:alerts -- [--seconds 60] [--rate 100] [--forged 0.2]
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { type SecretSource, signAlert } from '../../local/sign-alert.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '100' },
    forged: { type: 'string', default: '0.2' },
  },
})
const SECONDS = Number(values.seconds)
const RATE = Number(values.rate)
const FORGED = Number(values.forged)

const SECRETS: Readonly<Record<SecretSource, string>> = {
  'standard-webhooks': `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  alertmanager: 'bench-bearer-token',
  grafana: 'bench-grafana-key',
  pagerduty: 'bench-pagerduty-key',
}
const SOURCES = Object.keys(SECRETS) as readonly SecretSource[]

const VAULT = {
  region: 'cn-north-4',
  project_id: '0605767b5780d5762fc5c0118072a564',
  vault_id: 'f19a206e-a514-4dbd-a8f3-4215fbf17d5b',
}

/** Every genuine alert orders something, which is the dearest that it can do: memory of its group, record, order. */
const POLICY = {
  alerts: {
    rules: SOURCES.map((source) => ({ source, match: {}, checkpoint: VAULT })),
  },
}

interface Shot {
  readonly source: SecretSource
  readonly number: number
  readonly isForged: boolean
}

interface Hit extends Shot {
  readonly status: number
  readonly ms: number
  readonly alertId: string | undefined
}

const folder = mkdtempSync(join(tmpdir(), 'bench-alerts-'))
const shots: readonly Shot[] = Array.from({ length: SECONDS * RATE }, (_, number) => ({
  number,
  source: SOURCES[number % SOURCES.length] ?? 'grafana',
  isForged: (number * 7) % 100 < FORGED * 100,
}))

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}; ` +
    `${RATE} alerts/s for ${SECONDS} s, ${FORGED * 100} % forged, four senders in turn\n`,
)
try {
  const empty = await measureEmpty()
  const ours = await measureOurs()
  report(empty, ours)
} finally {
  rmSync(folder, { recursive: true })
}

/** A server that reads the body and answers 202, in a process of its own as well. */
async function measureEmpty(): Promise<readonly Hit[]> {
  const code = `require('node:http').createServer((q, r) => { q.resume(); q.on('end', () => r.writeHead(202).end('{}')) })
    .listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port) })`
  const server = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    return await fire(await originOf(server))
  } finally {
    server.kill()
  }
}

async function measureOurs() {
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(POLICY))
  const secrets = Object.fromEntries(SOURCES.map((source) => [source, [SECRETS[source]]]))
  const server = spawn(process.execPath, [join(import.meta.dirname, '../../local/main.cjs'), 'start'], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      ALERT_SECRETS: JSON.stringify(secrets),
      AUDIT_POLICY: join(folder, 'policy.json'),
      REPORT_STORE: `file:${join(folder, 'store')}`,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  process.once('exit', () => server.kill('SIGKILL'))
  const origin = await originOf(server)
  const memory: number[] = []
  const watch = setInterval(() => memory.push(residentMb(server)), 1000)
  const cpuBefore = cpuMs(server)
  const hits = await fire(origin)
  const cpuMsEach = (cpuMs(server) - cpuBefore) / hits.length
  clearInterval(watch)
  const stored = storedAlerts()
  server.kill('SIGKILL')
  await once(server, 'exit')
  return { hits, memory, stored, cpuMsEach }
}

async function originOf(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new Error('The server has no stdout')
  for await (const line of createInterface(server.stdout)) {
    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (origin !== undefined) return origin
  }
  throw new Error('The server ended before it listened')
}

/** Open loop: each shot leaves at its time, whether or not those before were answered. */
async function fire(origin: string): Promise<readonly Hit[]> {
  // The server lets go of a connection that was idle for 5 s; ours are let go of earlier, or the two would cross.
  const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 3000 })
  const startedMs = performance.now()
  const hits = await Promise.all(
    shots.map(async (shot) => {
      const dueMs = startedMs + (shot.number * 1000) / RATE
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())))
      return strike(origin, agent, shot)
    }),
  )
  agent.destroy()
  return hits
}

function strike(origin: string, agent: Agent, shot: Shot): Promise<Hit> {
  const body = Buffer.from(JSON.stringify(bodyOf(shot)))
  const secret = shot.isForged ? SECRETS[shot.source].replace(/[^_]{8}$/, 'AAAAAAA=') : SECRETS[shot.source]
  const headers = signAlert(shot.source, { secret, body, id: `msg_${shot.number}`, epochMs: Date.now() })
  const sentMs = performance.now()
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}/alerts/${shot.source}`, { method: 'POST', agent, headers })
    outgoing.on('error', reject).on('response', async (incoming) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
      const { alert_id: alertId } = JSON.parse(Buffer.concat(chunks).toString()) as { alert_id?: string }
      resolve({ ...shot, status: incoming.statusCode ?? 0, ms: performance.now() - sentMs, alertId })
    })
    outgoing.end(body)
  })
}

function bodyOf({ source, number }: Shot): object {
  const id = number.toString(16).padStart(16, '0')
  const startsAt = new Date().toISOString()
  switch (source) {
    case 'alertmanager':
    case 'grafana': {
      const labels = { alertname: `bench-${number}`, severity: 'critical', instance: `host-${number}` }
      const alert = { status: 'firing', labels, annotations: {}, startsAt, fingerprint: id }
      const version = source === 'grafana' ? '1' : '4'
      return { version, status: 'firing', groupKey: `{}:{n="${number}"}`, alerts: [alert] }
    }
    case 'pagerduty': {
      const data = { id: `P${id}`, title: `bench-${number}`, created_at: startsAt }
      return { event: { id: `E${id}`, event_type: 'incident.triggered', occurred_at: startsAt, data } }
    }
    case 'standard-webhooks':
      return { type: 'alert.firing', timestamp: startsAt, data: { name: `bench-${number}`, fingerprint: id } }
  }
}

/** Which alerts lie in the store, and whether everything that each of them orders lies there too. */
function storedAlerts(): ReadonlyMap<string, boolean> {
  const inbox = join(folder, 'store/inbox')
  const ordered = new Set(readdirSync(join(inbox, 'checkpoint')))
  return new Map(
    readdirSync(join(inbox, 'alert'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => {
        const record: { readonly orders: readonly { readonly operation: string }[] } = JSON.parse(
          readFileSync(join(inbox, 'alert', name), 'utf8'),
        )
        const isDone =
          record.orders.length === 1 &&
          record.orders.every(({ operation }) => ordered.has(`${operation}.json`))
        return [name.slice(0, -5), isDone]
      }),
  )
}

function residentMb({ pid }: ChildProcess): number {
  const pages = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(pages) / 1024
}

/** User and system time of a process so far; the kernel counts in hundredths of a second. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function report(
  empty: readonly Hit[],
  { hits, memory, stored, cpuMsEach }: Awaited<ReturnType<typeof measureOurs>>,
): void {
  const genuine = hits.filter(({ isForged }) => !isForged)
  const forged = hits.filter(({ isForged }) => isForged)
  const ids = new Set(genuine.map(({ alertId }) => alertId))
  const lost = genuine.filter(({ alertId = '' }) => stored.get(alertId) !== true).length
  const strange = [...stored.keys()].filter((id) => !ids.has(id)).length
  const ratio = (p: number) => (percentile(genuine, p) / percentile(empty, p)).toFixed(1)
  console.log('| what | count | answered | p50 ms | p99 ms | worst ms |')
  console.log('| --- | ---: | --- | ---: | ---: | ---: |')
  console.log(rowOf('empty handler', empty))
  console.log(rowOf('genuine alerts', genuine))
  console.log(rowOf('forged alerts', forged))
  console.log(
    `\np50 ${ratio(50)} ×, p99 ${ratio(99)} × that of the empty handler; ${cpuMsEach.toFixed(1)} ms CPU for each alert.`,
  )
  console.log(
    `${ids.size} genuine alerts named, ${lost} of them not stored and done, ${strange} stored that were not genuine; ${stored.size} records.`,
  )
  const third = Math.floor(memory.length / 3)
  const mean = (list: readonly number[]) => (list.reduce((sum, mb) => sum + mb, 0) / list.length).toFixed(0)
  console.log(
    `Resident memory: ${mean(memory.slice(0, third))} MB in the first third, ${mean(memory.slice(third, 2 * third))} in the second, ` +
      `${mean(memory.slice(2 * third))} in the last; at most ${Math.max(...memory).toFixed(0)}.`,
  )
}

function rowOf(name: string, hits: readonly Hit[]): string {
  const statuses = Map.groupBy(hits, ({ status }) => status)
  const answered = [...statuses].map(([status, list]) => `${status} × ${list.length}`).join(', ')
  const [p50, p99, worst] = [50, 99, 100].map((p) => percentile(hits, p).toFixed(1))
  return `| ${name} | ${hits.length.toLocaleString('en-US')} | ${answered} | ${p50} | ${p99} | ${worst} |`
}

function percentile(hits: readonly Hit[], p: number): number {
  const sorted = hits.map(({ ms }) => ms).sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
}
