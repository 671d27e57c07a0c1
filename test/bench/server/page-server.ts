// Huawei as far as an audit asks, in a process of its own: everything is written before it listens, so a page costs its sending only.
// Forked by start-page-server.ts.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CbrFleet } from './cbr-fleet.ts'
import { createCbrPages } from './cbr-pages.ts'
import { DcsFleet } from './dcs-fleet.ts'
import { createDcsPages } from './dcs-pages.ts'
import { PROJECT_ID } from './facts.ts'
import type { Answer } from './page.ts'
import type { FleetOptions, Manner, SeenCall, ServerMessage } from './page-server-protocol.ts'
import { refuseTooMany } from './refuse-too-many.ts'
import { sendAnswer } from './send-answer.ts'
import { createTokenBucket } from './token-bucket.ts'

const options: FleetOptions = JSON.parse(process.argv[2] ?? '{}')
const { backups, instances, recordsEach, isZipped } = options
const told = createTeller(backups + instances * recordsEach)
const cbr = createCbrPages(new CbrFleet(backups, Date.now()), told)
const dcs = createDcsPages(new DcsFleet(instances, recordsEach, Date.now()), (done) => told(backups + done))
let latencyMs = 0
let refuses: () => Answer | undefined = () => undefined
let calls: SeenCall[] = []

const server = createServer((incoming, response) => {
  const atMs = performance.now()
  const url = incoming.url ?? '/'
  const answer = refuses() ?? answerTo(url)
  response.on('close', () => calls.push({ url, status: answer.status, atMs, endMs: performance.now() }))
  const send = () => sendAnswer(incoming, response, answer, isZipped)
  if (latencyMs > 0) setTimeout(send, latencyMs)
  else send()
})

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  tell({ kind: 'ready', endpoint: `http://127.0.0.1:${port}`, projectId: PROJECT_ID })
})

// Whoever forked it may be killed.
process.on('disconnect', () => process.exit())

// Told how to answer from now on, it tells what it answered until now.
process.on('message', (manner: Manner) => {
  latencyMs = manner.latencyMs
  refuses = createGateway(manner)
  tell({ kind: 'calls', calls })
  calls = []
})

/** Refuses what comes faster than the limit allows; each gateway begins with a full bucket. */
function createGateway({ limit }: Manner): () => Answer | undefined {
  if (limit === undefined) return () => undefined
  const take = createTokenBucket(limit, () => performance.now())
  return () => (take() ? undefined : refuseTooMany(limit))
}

function answerTo(url: string): Answer {
  const { pathname, searchParams } = new URL(url, 'http://server')
  return (
    dcs(pathname, searchParams) ??
    cbr(pathname, searchParams) ?? { status: 404, pieces: [Buffer.from('{"error_code":"APIGW.0101"}')] }
  )
}

/** Tells each full percent of the rows that are written. */
function createTeller(total: number): (done: number) => void {
  let percent = 0
  return (done) => {
    const now = Math.floor((100 * done) / total)
    if (now === percent) return
    percent = now
    tell({ kind: 'progress', percent })
  }
}

function tell(message: ServerMessage): void {
  process.send?.(message)
}
