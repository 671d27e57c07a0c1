import { decodeBase64 } from '../base64.ts'
import { Fault } from '../errors.ts'
import type { HttpEvent } from './http-event.ts'

/** What of a request its body is read from. */
export type BodyEvent = Pick<HttpEvent, 'body' | 'isBase64Encoded'>

/** The bytes of a body exactly as they were sent, whatever they are said to be. Throws a Fault `invalid_request` for more than is taken. */
export function readRawBody({ body, isBase64Encoded }: BodyEvent, maxBytes: number): Buffer {
  const text = body ?? ''
  // Base64 takes four letters for three bytes: what is far too long is not even decoded.
  if (text.length > 2 * maxBytes) throw tooLarge(`more than ${maxBytes}`, maxBytes)
  const bytes = isBase64Encoded ? decoded(text) : Buffer.from(text, 'utf8')
  if (bytes.length > maxBytes) throw tooLarge(String(bytes.length), maxBytes)
  return bytes
}

function decoded(text: string): Buffer {
  const bytes = decodeBase64(text)
  if (bytes === undefined) throw refused('/body', 'is not base64, though the gateway says so')
  return bytes
}

function tooLarge(found: string, maxBytes: number): Fault {
  return refused('/body', `found ${found} bytes, allowed are at most ${maxBytes}`)
}

function refused(pointer: string, detail: string): Fault {
  return new Fault('invalid_request', 'Cannot read the body of this request', {
    mistakes: [{ pointer, detail }],
  })
}
