import * as http from 'node:http'
import * as https from 'node:https'
import type { SocketConstructorOpts } from 'node:net'
import { finished } from 'node:stream'
import { type Buffers, createBuffers } from './buffers.ts'
import type { Request, Response, Send } from './http.ts'
import { Intake } from './intake.ts'
import { createPhaseTimer } from './phase-timer.ts'
import { brokenOff, collect, decoded, isShort } from './receive.ts'
import { sharedRead } from './shared-read.ts'
import { encodePath, encodeQuery } from './signature.ts'
import { type Sent, TransportFailure, toTransportFailure, unreachable } from './transport-failure.ts'

/** How long to wait, and how much to take. */
export interface SendOptions {
  readonly connectTimeoutMs?: number
  /** From the connection to the first line of the answer. */
  readonly headersTimeoutMs?: number
  /** Without any progress of the body. */
  readonly idleTimeoutMs?: number
  /** From the turn of the body to its last byte, however steadily it moves: who dribbles must not hold us for ever, nor those whose turn is next. */
  readonly bodyTimeoutMs?: number
  /** After unzipping. */
  readonly maxBodyBytes?: number
  readonly maxSockets?: number
  /** A certificate to trust instead of the usual authorities, in PEM. */
  readonly ca?: string
}

/** A way to send, and its end: once closed, no socket keeps the process alive. */
export interface Transport {
  readonly send: Send
  readonly close: () => void
}

type Limits = Required<Omit<SendOptions, 'ca' | 'maxSockets'>>
/** An agent hands on to its sockets what they know, which its types do not say of all. */
type AgentOptions = https.AgentOptions & Pick<SocketConstructorOpts, 'onread'>
type Agents = Readonly<Record<'http:' | 'https:', http.Agent>>

/**
 * Opens the only way out: one request, one whole response, or a Fault that says whether the request may have been
 * carried out. Follows no redirect, repeats nothing.
 */
export function createSend(options: SendOptions = {}): Transport {
  const { maxSockets = 32, ca, ...given } = options
  const limits: Limits = {
    connectTimeoutMs: 2000,
    headersTimeoutMs: 8000,
    idleTimeoutMs: 8000,
    bodyTimeoutMs: 45_000,
    maxBodyBytes: 32 * 2 ** 20,
    ...given,
  }
  const shape: AgentOptions = {
    maxSockets,
    // Node gives each address of a host 250 ms by itself, and some regions are further away than that.
    autoSelectFamilyAttemptTimeout: limits.connectTimeoutMs / 2,
    // Stated, so that NODE_TLS_REJECT_UNAUTHORIZED cannot undo it.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    onread: sharedRead(),
    ...(ca === undefined ? {} : { ca }),
  }
  const kept = agentsOf({ ...shape, keepAlive: true })
  // What is no GET goes on a connection of its own: a stale one would leave its outcome in doubt.
  const single = agentsOf({ ...shape, keepAlive: false })
  const [intake, buffers] = [new Intake(), createBuffers()]
  return {
    send: (request, signal) => {
      const agents = request.method === 'GET' ? kept : single
      return exchange(request, { agents, limits, intake, buffers, signal })
    },
    close: () => {
      for (const agents of [kept, single]) for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

/** With what an exchange is made. */
interface ExchangeOptions {
  readonly agents: Agents
  readonly limits: Limits
  readonly intake: Intake
  readonly buffers: Buffers
  readonly signal: AbortSignal | undefined
}

async function exchange(request: Request, options: ExchangeOptions): Promise<Response> {
  const { agents, limits } = options
  const url = new URL(request.origin)
  const agent = url.protocol === 'https:' ? agents['https:'] : agents['http:']
  try {
    const response = await transfer(request, url, agent, options)
    return { ...decoded(response, limits.maxBodyBytes), rows: request.rows }
  } catch (error) {
    // Anything but a TransportFailure was thrown by Node before it opened a connection.
    const failure = toTransportFailure(error, 'no')
    if (failure.code === 'ECONNRESET') dropIdle(agent)
    throw unreachable(url.host, failure)
  }
}

/** One exchange on the wire; the body is still as it was sent. Rejects with a TransportFailure. */
function transfer(
  request: Request,
  url: URL,
  agent: http.Agent,
  { limits, intake, buffers, signal }: Omit<ExchangeOptions, 'agents'>,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  let sent: Sent = 'no'
  let answered = false
  const fail = (error: unknown): void => {
    reject(toTransportFailure(error, sent))
    outgoing.destroy()
  }
  const failAs = (code: string, message: string): void =>
    fail(new TransportFailure(code, message, sent, undefined, answered))
  const timer = createPhaseTimer(failAs)
  const bodyTimer = createPhaseTimer(failAs)
  const onAbort = (): void => failAs('ABORTED', 'the time allowed ran out')
  const onConnected = (): void => {
    sent = 'maybe'
    timer.start(limits.headersTimeoutMs, 'HEADERS_TIMEOUT', 'no answer')
  }

  const outgoing = opened(request, url, agent)
  outgoing.on('error', fail)
  outgoing.on('socket', (socket) => {
    // Not `reusedSocket`: it stays false where a request waited in the queue of the agent for a socket in use.
    if (!socket.connecting) return onConnected()
    timer.start(limits.connectTimeoutMs, 'CONNECT_TIMEOUT', 'no connection')
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', onConnected)
  })
  outgoing.on('response', (incoming) => {
    answered = true
    timer.stop()
    readInTurn(incoming, intake, fail, () => {
      timer.start(limits.idleTimeoutMs, 'IDLE_TIMEOUT', 'no further data')
      bodyTimer.start(limits.bodyTimeoutMs, 'BODY_TIMEOUT', 'no end of the answer')
      collect(incoming, limits.maxBodyBytes, timer.refresh, buffers).then(resolve, fail)
    })
  })
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  else outgoing.end(request.body)
  return promise.finally(() => {
    timer.stop()
    bodyTimer.stop()
    signal?.removeEventListener('abort', onAbort)
  })
}

/** Calls `read` when it is the turn of a body, of a short one at once; fails where the body broke off while it waited. */
function readInTurn(
  incoming: http.IncomingMessage,
  intake: Intake,
  fail: (error: unknown) => void,
  read: () => void,
): void {
  if (isShort(incoming)) read()
  else
    intake.enter(() => {
      finished(incoming, () => intake.leave())
      if (incoming.destroyed) fail(brokenOff())
      else read()
    })
}

function opened(request: Request, url: URL, agent: http.Agent): http.ClientRequest {
  const query = encodeQuery(request.query)
  const length = request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }
  const { request: open } = url.protocol === 'https:' ? https : http
  return open({
    agent,
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    method: request.method,
    path: query === '' ? encodePath(request.path) : `${encodePath(request.path)}?${query}`,
    headers: { ...request.headers, ...length, 'accept-encoding': 'gzip' },
  })
}

/** After one reset the other idle connections are suspect too, so the next attempt gets a fresh one. */
function dropIdle(agent: http.Agent): void {
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy()
}

function agentsOf(options: AgentOptions): Agents {
  return { 'http:': new http.Agent(options), 'https:': new https.Agent(options) }
}
