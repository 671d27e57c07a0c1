import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { freeMemory } from '../free-memory.ts'
import { systemCode } from '../system-code.ts'
import type { Buffers } from './buffers.ts'
import type { Response } from './http.ts'
import { redacted } from './redact.ts'
import { TransportFailure } from './transport-failure.ts'

/** The least that zlib takes as a chunk. */
const LEAST_CHUNK = 64
/** Room for an answer that does not say how long it is. */
const UNANNOUNCED_BYTES = 1 << 16

/** Whether a body says of itself that it takes little memory. */
export function isShort({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? Number.NaN) <= UNANNOUNCED_BYTES
}

/** The whole response as it came over the wire, or a TransportFailure where it broke off or is too large. */
export function collect(
  incoming: IncomingMessage,
  maxBytes: number,
  onProgress: () => void,
  buffers: Buffers,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = flat(incoming.headers)
    let buffer = buffers.take(Math.min(announcedBytes(headers), maxBytes))
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => {
      onProgress()
      if (bytes + chunk.length > maxBytes) return reject(tooLarge(maxBytes))
      if (bytes + chunk.length > buffer.length) buffer = grown(buffer, bytes, chunk.length, buffers)
      chunk.copy(buffer, bytes)
      bytes += chunk.length
      freeMemory(chunk)
    })
    incoming.on('end', () =>
      resolve({
        status: incoming.statusCode ?? 0,
        headers,
        body: buffer.subarray(0, bytes),
        release: () => buffers.giveBack(buffer),
      }),
    )
    // Node reports a body that is shorter than announced, or lacks its last chunk, as an error of the stream.
    incoming.on('error', (error) => reject(brokenOff(error)))
  })
}

/** What becomes of an answer whose connection ended before it did. */
export function brokenOff(cause?: unknown): TransportFailure {
  return new TransportFailure('ECONNRESET', 'the answer broke off', 'maybe', cause, true)
}

/** What the answer says of its length; without that the buffer grows as it comes. */
function announcedBytes(headers: Response['headers']): number {
  const length = Number(headers['content-length'])
  return Number.isSafeInteger(length) && length > 0 ? length : UNANNOUNCED_BYTES
}

function grown(buffer: Buffer, filled: number, more: number, buffers: Buffers): Buffer {
  const larger = buffers.take(Math.max(2 * buffer.length, filled + more))
  buffer.copy(larger, 0, 0, filled)
  buffers.giveBack(buffer)
  return larger
}

/** The response with its body unzipped, up to the limit and not a byte further. */
export function decoded(response: Response, maxBytes: number): Response {
  const encoding = (response.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding === 'identity' || response.body.length === 0) return response
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new TransportFailure(
      'UNKNOWN_ENCODING',
      `the answer is encoded as "${redacted(encoding, 40)}"`,
      'maybe',
    )
  try {
    const chunkSize = Math.min(unzippedBytes(response.body), maxBytes) + 1
    const body = gunzipSync(response.body, { chunkSize, maxOutputLength: maxBytes })
    response.release?.()
    return { ...response, body, release: () => freeMemory(body) }
  } catch (error) {
    if (systemCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
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
