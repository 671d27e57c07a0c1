import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Fault } from '../lib/errors.ts'
import type { HttpFunction } from '../lib/runtime/http.ts'
import { toProblem } from '../lib/runtime/problem.ts'
import { strangerIn } from './stranger.ts'

/** No function takes more: of a larger body it gets just enough to refuse it in its own words. */
const ENOUGH_BYTES = 4 * 1024 * 1024

/** The gateway waits for 30 s, and the deployed functions are given one less. */
const GATEWAY = { getRemainingTimeInMillis: () => 29_000 } as const

/** An HTTP API as the gateway would put it before a function: requests become events (payload format 2.0), results answers. */
export function createHttpApi(handle: HttpFunction, newRequestId: () => string): Server {
  return createServer((request, response) => {
    answer(handle, request, response, newRequestId()).catch((error: unknown) => {
      // The function answers whatever can be answered; what gets here is a broken connection.
      response.destroy(error instanceof Error ? error : undefined)
    })
  })
}

async function answer(
  handle: HttpFunction,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const body = await readEnough(request)
  const stranger = strangerIn(request.headers)
  if (stranger !== undefined) return refuse(response, stranger, requestId)
  const { statusCode, headers, body: text } = await handle(toEvent(request, body, requestId), GATEWAY)
  response.writeHead(statusCode, headers).end(text)
}

function refuse(response: ServerResponse, header: string, requestId: string): void {
  const detail = `Cannot answer this request: its ${header} header names another place than this machine, which alone is answered here`
  const problem = toProblem(new Fault('forbidden', detail), requestId)
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' })
  response.end(JSON.stringify(problem))
}

/** Reads a body to its end, for many clients hear no answer before, but keeps little more than the limit of it. */
async function readEnough(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (sizeBytes > ENOUGH_BYTES) continue
    chunks.push(chunk)
    sizeBytes += chunk.length
  }
  return Buffer.concat(chunks)
}

function toEvent(request: IncomingMessage, body: Buffer, requestId: string) {
  const [rawPath = '/', ...query] = (request.url ?? '/').split('?')
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query.join('?'),
    // Of some headers that come twice `headers` keeps the first alone.
    headers: Object.fromEntries(
      Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(',')]),
    ),
    requestContext: {
      http: { method: request.method ?? 'GET', path: rawPath },
      requestId,
      stage: '$default',
    },
    // Whole bytes travel as base64, as the gateway sends what is not text.
    ...(body.length === 0 ? {} : { body: body.toString('base64'), isBase64Encoded: true }),
  }
}
