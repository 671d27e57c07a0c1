import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Credentials } from './action.ts'
import { OPERATIONS } from './actions.ts'
import { createDice } from './dice.ts'
import { parseFault } from './fault-spec.ts'
import { createStrike } from './faults.ts'
import type { Fleet } from './fleet.ts'
import { answerRequest, type House, type Outcome, type Received } from './front-door.ts'
import { limitRate } from './rate.ts'
import { refuseAtGateway } from './reply.ts'
import { createRequestLog, type LoggedRequest, type RequestLog } from './request-log.ts'
import { sendReply } from './send-reply.ts'
import { createState, type State, type Timings } from './state.ts'
import { createStory } from './story.ts'

/** How an emulator is to be; everything but the clock has a default. */
export interface EmulatorOptions {
  /** Epoch milliseconds: the emulator's clock. */
  readonly now: () => number
  readonly port?: number
  readonly host?: string
  /** What the account holds; a story of so many `backups` where left out. */
  readonly fleet?: Fleet
  readonly backups?: number
  readonly seed?: number
  readonly latencyMs?: number
  /** Requests per second, and as many at once. */
  readonly rate?: number
  /** SPECs, see fault-spec.ts. */
  readonly faults?: readonly string[]
  readonly credentials?: Partial<Credentials>
  /** How long a checkpoint or a DCS backup runs. */
  readonly checkpointMs?: number
  readonly replicationMs?: number
  /** How long after its expiry a backup is deleted. */
  readonly expiryMs?: number
  /** Called before each request is answered, so that a test can change the account during a scan. */
  readonly onRequest?: (state: State, request: Pick<Received, 'method' | 'path' | 'query'>) => void
}

/** A small Huawei Cloud that is listening. */
export interface Emulator {
  readonly endpoint: string
  readonly credentials: Credentials
  readonly fleet: Fleet
  readonly state: State
  /** The latest requests, oldest first. */
  readonly requests: readonly LoggedRequest[]
  /** Stops at once, open connections included. */
  readonly close: () => Promise<void>
}

/** The gateway takes bodies of up to 12 MB. */
const MAX_BODY_BYTES = 12 * 1024 * 1024

/** Starts CBR, DCS and IAM on one port. Throws a FaultSpecError for a fault that it does not understand. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { now, port = 0, host = '127.0.0.1', seed = 1, backups = 2000, rate } = options
  const faults = (options.faults ?? []).map((spec) => parseFault(spec, OPERATIONS))
  const fleet = options.fleet ?? createStory({ backups, seed, now: now() })
  // Other dice than those of the story, or new ids would repeat the old ones.
  const dice = createDice(seed + 1_000_003)
  const state = createState(fleet, timingsOf(options), dice, now() * 1000)
  const credentials = { ...defaultCredentials(fleet), ...options.credentials }
  const requests = createRequestLog()
  const server = createServer()
  await listen(server, port, host)
  const endpoint = `http://${host}:${(server.address() as AddressInfo).port}`
  const strike = createStrike(faults, dice)
  const house: House = { state, credentials, strike, take: limitRate(rate), rate, endpoint }
  const answer = answerFrom(house, requests, options)
  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    void serve(incoming, response, dice.hex(32), answer)
  })
  return {
    endpoint,
    credentials,
    fleet,
    state,
    get requests() {
      return requests.entries()
    },
    close: () => close(server),
  }
}

function timingsOf({
  checkpointMs = 5000,
  replicationMs = 5000,
  expiryMs = 600_000,
}: EmulatorOptions): Timings {
  return { checkpointMs, replicationMs, expiryMs }
}

/** Decides what becomes of a request and notes it down at once; an answer that is to be late comes late. */
function answerFrom(house: House, requests: RequestLog, { now, latencyMs = 0, onRequest }: EmulatorOptions) {
  return async (received: Received): Promise<Outcome> => {
    onRequest?.(house.state, received)
    const outcome = answerRequest(house, received, now() * 1000)
    requests.add(received, outcome)
    const delayMs = latencyMs + outcome.latencyMs
    if (delayMs > 0) await wait(delayMs)
    return outcome
  }
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  answer: (received: Received) => Promise<Outcome>,
): Promise<void> {
  try {
    const body = await readBody(incoming)
    if (body === undefined) {
      const { reply } = refuseAtGateway(413, 'APIGW.0201', 'Request entity too large')
      await sendReply(response, { reply, damage: undefined, latencyMs: 0 }, requestId, false)
      response.destroy()
      return
    }
    const outcome = await answer(receive(incoming, body))
    const gzips = /\bgzip\b/.test(incoming.headers['accept-encoding'] ?? '')
    await sendReply(response, outcome, requestId, gzips)
  } catch (error) {
    // A client that left, or a defect of the emulator: the second must be seen.
    if (!incoming.destroyed || incoming.complete) process.emitWarning(error as Error)
    response.destroy()
  }
}

function receive(incoming: IncomingMessage, body: string): Received {
  const [path = '', query = ''] = (incoming.url ?? '').split('?', 2)
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  )
  return { method: incoming.method ?? '', path, query, headers, body }
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Nothing here is secret: these keys open nothing but this emulator. */
function defaultCredentials(fleet: Fleet): Credentials {
  const [project] = fleet.projects
  return {
    ak: 'EMULATORACCESSKEY001',
    sk: 'not-a-secret-it-opens-the-emulator-only',
    username: 'backup-admin',
    password: 'Emulator#2026',
    domain_name: 'huadong-retail',
    region: project?.region ?? 'cn-north-4',
    project_id: project?.id ?? '',
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    // Keep-alive sockets and hanging requests would hold the server open.
    server.closeAllConnections()
  })
}
