import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

/** What the server saw of one request. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Which connection it came on, counted from 1. */
  readonly connection: number
}

/** One way to answer, or to fail to. */
export type Act = (response: ServerResponse, seen: Seen) => void

/** A real server on a free port of 127.0.0.1 that behaves as badly as it is told to. */
export interface FaultServer {
  readonly origin: string
  readonly seen: Seen[]
  /** How many connections are open now. */
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** Starts a server that plays its acts in turn, one per request; the last one is played for ever. */
export async function startFaultServer(acts: readonly Act[], tls?: ServerOptions): Promise<FaultServer> {
  const seen: Seen[] = []
  const connections = new Map<Socket, number>()
  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const connection = connections.get(request.socket) ?? connections.size + 1
    connections.set(request.socket, connection)
    const { method = '', url = '', headers } = request
    const one = { method, url, headers, body: Buffer.concat(chunks).toString(), connection }
    const act = acts[Math.min(seen.push(one), acts.length) - 1]
    act?.(response, one)
  }
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest)
  let open = 0
  server.on('connection', (socket: Socket) => {
    open += 1
    socket.once('close', () => {
      open -= 1
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    connections: () => open,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}

/** A whole answer; a body that is no text or bytes becomes JSON. */
export function answering(status: number, body: unknown = {}, headers: Record<string, string> = {}): Act {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(status === 204 ? undefined : bytes)
  }
}

/** The connection breaks before any byte of an answer. */
export const resetting: Act = (response) => void response.socket?.resetAndDestroy()

/** No answer ever comes. */
export const stalling: Act = () => {}

/** Writes these bytes on the wire as they are, and ends the connection there. */
export function cuttingOff(wire: string): Act {
  return (response) => void response.socket?.end(wire)
}

/** Begins an answer and then falls silent. */
export function stallingAfter(wire: string): Act {
  return (response) => void response.socket?.write(wire)
}

/** Begins an answer and then resets the connection. */
export function resettingAfter(wire: string): Act {
  return (response) => void response.socket?.write(wire, () => response.socket?.resetAndDestroy())
}
