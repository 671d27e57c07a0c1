import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fire, type Hit, SECRETS, SOURCES, type Storm } from './alert-storm.ts'

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

/** What our server made of a storm, and what that cost it. */
export interface Received {
  readonly hits: readonly Hit[]
  /** Resident megabytes, each second. */
  readonly memory: readonly number[]
  /** Which alerts lie in the store, and whether everything that each of them orders lies there too. */
  readonly stored: ReadonlyMap<string, boolean>
  readonly cpuMsEach: number
}

/** A server that reads the body and answers 202, in a process of its own as well. */
export async function measureEmpty(storm: Storm): Promise<readonly Hit[]> {
  const code = `require('node:http').createServer((q, r) => { q.resume(); q.on('end', () => r.writeHead(202).end('{}')) })
    .listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port) })`
  const server = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    return await fire(await originOf(server), storm)
  } finally {
    server.kill()
  }
}

/** The receiving function as `npm start` serves it, with its store in this folder. */
export async function measureOurs(storm: Storm, folder: string): Promise<Received> {
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(POLICY))
  const secrets = Object.fromEntries(SOURCES.map((source) => [source, [SECRETS[source]]]))
  const server = spawn(process.execPath, [join(import.meta.dirname, '../../../local/main.cjs'), 'start'], {
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
  const hits = await fire(origin, storm)
  const cpuMsEach = (cpuMs(server) - cpuBefore) / hits.length
  clearInterval(watch)
  const stored = storedAlerts(folder)
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

function storedAlerts(folder: string): ReadonlyMap<string, boolean> {
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
