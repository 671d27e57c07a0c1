import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { Response } from './http.ts'
import { redacted } from './redact.ts'
import { TransportFailure } from './transport-failure.ts'

/** The least that zlib takes as a chunk. */
const LEAST_CHUNK = 64

/** The whole response as it came over the wire, or a TransportFailure where it broke off or is too large. */
export function collect(
  incoming: IncomingMessage,
  maxBytes: number,
  onProgress: () => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => {
      onProgress()
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes > maxBytes) reject(tooLarge(maxBytes))
    })
    incoming.on('end', () =>
      resolve({
        status: incoming.statusCode ?? 0,
        headers: flat(incoming.headers),
        body: joined(chunks, bytes),
      }),
    )
    // Node reports a body that is shorter than announced, or lacks its last chunk, as an error of the stream.
    incoming.on('error', (error) =>
      reject(new TransportFailure('ECONNRESET', 'the answer broke off', 'maybe', error)),
    )
  })
}

/**
 * The chunks as one. Each is let go of at once, as nobody else has it: left to the garbage collector they make it run
 * half as often again, and each run looks at all that the audit remembers.
 */
function joined(chunks: readonly Buffer[], bytes: number): Buffer {
  const whole = Buffer.concat(chunks, bytes)
  for (const { buffer, byteLength } of chunks)
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
  return whole
}

/** The body, unzipped up to the limit and not a byte further. */
export function decoded(response: Response, maxBytes: number): Buffer {
  const encoding = (response.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding === 'identity' || response.body.length === 0) return response.body
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new TransportFailure(
      'UNKNOWN_ENCODING',
      `the answer is encoded as "${redacted(encoding, 40)}"`,
      'maybe',
    )
  try {
    const chunkSize = Math.min(unzippedBytes(response.body), maxBytes) + 1
    return gunzipSync(response.body, { chunkSize, maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
    throw new TransportFailure('BAD_GZIP', 'the answer cannot be unzipped', 'maybe', error)
  }
}

/**
 * What the last four bytes of gzip say: its length unzipped. Room for all of it at once spares two thirds of the CPU
 * of growing by 16 kB; where they say something else, zlib goes on growing by that.
 */
function unzippedBytes(zipped: Buffer): number {
  return zipped.length < LEAST_CHUNK
    ? LEAST_CHUNK
    : Math.max(LEAST_CHUNK, zipped.readUInt32LE(zipped.length - 4))
}

function tooLarge(maxBytes: number): TransportFailure {
  return new TransportFailure('TOO_LARGE', `the answer is larger than ${maxBytes} bytes`, 'maybe')
}

function flat(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : `${value}`,
    ]),
  )
}
