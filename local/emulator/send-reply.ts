import type { ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { Outcome } from './front-door.ts'
import type { Reply } from './reply.ts'

/** Sends an answer with the headers of the recordings, or damages the connection as a planted fault asks. */
export async function sendReply(
  response: ServerResponse,
  { reply, damage }: Outcome,
  requestId: string,
  gzips: boolean,
): Promise<void> {
  if (damage === 'hang') return
  if (damage === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const text = toText(reply, requestId)
  const zips = gzips && text.length > MIN_ZIPPED_CHARS
  const body = zips ? await zip(Buffer.from(text), FAST) : Buffer.from(text)
  response.writeHead(reply.status, {
    ...HEADERS,
    ...(text !== '' && { 'Content-Type': 'application/json', 'Content-Length': body.length }),
    ...(zips && { 'Content-Encoding': 'gzip' }),
    'X-Request-Id': requestId,
    ...reply.headers,
  })
  if (damage !== 'truncate') {
    response.end(body)
    return
  }
  // What was written must leave before the connection breaks, or there is no half body to see.
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy())
}

const zip = promisify(gzip)
const FAST = { level: constants.Z_BEST_SPEED }
const MIN_ZIPPED_CHARS = 1024

/** The same headers stand on every recorded answer. */
const HEADERS = {
  Server: 'api-gateway',
  'Strict-Transport-Security': 'max-age=31536000; includeSubdomains;',
  'X-Content-Type-Options': 'nosniff',
  'X-Download-Options': 'noopen',
  'X-Frame-Options': 'SAMEORIGIN',
  'X-XSS-Protection': '1; mode=block;',
} as const

/** The gateway's own refusals carry the request id and end in a newline. */
function toText({ body }: Reply, requestId: string): string {
  if (body === undefined) return ''
  if (typeof body === 'string') return body
  const isGateway = 'request_id' in body && body['request_id'] === ''
  return isGateway ? `${JSON.stringify({ ...body, request_id: requestId })}\n` : JSON.stringify(body)
}
