import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Answer } from './page.ts'

/** Zipping costs ten times what sending does, and each client asks for the same pages. */
const zippedByUrl = new Map<string, Buffer>()

/** Sends an answer from where it lies, without a copy; zipped where that is wanted and asked for. */
export function sendAnswer(
  incoming: IncomingMessage,
  response: ServerResponse,
  { status, pieces }: Answer,
  isZipped: boolean,
): void {
  const zips = isZipped && status === 200 && /\bgzip\b/.test(incoming.headers['accept-encoding'] ?? '')
  const sent = zips ? [zippedOf(incoming.url ?? '', pieces)] : pieces
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(status !== 204 && { 'content-length': sent.reduce((sum, { length }) => sum + length, 0) }),
    ...(zips && { 'content-encoding': 'gzip' }),
  })
  response.cork()
  for (const piece of sent) response.write(piece)
  response.uncork()
  response.end()
}

function zippedOf(url: string, pieces: readonly Buffer[]): Buffer {
  const zipped = zippedByUrl.get(url) ?? gzipSync(Buffer.concat(pieces), { level: 1 })
  zippedByUrl.set(url, zipped)
  return zipped
}
