import { decodeBase64 } from '../base64.ts'
import { Fault } from '../errors.ts'
import type { HttpEvent } from './http-event.ts'
import { redactedInput } from './redacted-input.ts'

/** One media type, in UTF-8 where it says so. */
const CONTENT_TYPE = /^([^\s;,]+)\s*(?:;\s*charset="?utf-8"?\s*)?$/i

/** What of a request its body is read from. */
export type BodyEvent = Pick<HttpEvent, 'headers' | 'body' | 'isBase64Encoded'>

/** What a route takes as a body. */
export interface BodyTerms {
  readonly maxBytes: number
  /** The media types, without parameters. */
  readonly type: RegExp
  /** How the types are named to whoever sent another. */
  readonly typeName: string
  /** Whether the sender is told which type was found: a stranger's answer is the same whatever he sends. */
  readonly isSaidBack: boolean
}

/** The bytes of a body exactly as they were sent. Throws a Fault `invalid_request` for another type, and for more than is taken. */
export function readRawBody({ headers, body, isBase64Encoded }: BodyEvent, terms: BodyTerms): Buffer {
  const type = headers['content-type']
  if (!terms.type.test(CONTENT_TYPE.exec(type ?? '')?.[1] ?? ''))
    throw refused(
      '/header/content-type',
      `found ${type === undefined ? 'none' : terms.isSaidBack ? quote(type) : 'another'}, allowed is ${terms.typeName}`,
    )
  const text = body ?? ''
  // Base64 takes four letters for three bytes: what is far too long is not even decoded.
  if (text.length > 2 * terms.maxBytes) throw tooLarge(terms)
  const bytes = isBase64Encoded ? decoded(text) : Buffer.from(text, 'utf8')
  if (bytes.length > terms.maxBytes) throw tooLarge(terms)
  return bytes
}

/** What every type may begin with, and no key. */
const FAMILY = /^(?:application|multipart|text)\/|/i

/** `application/json` itself is as long as a key, and would not be said back. */
function quote(type: string): string {
  const [family = ''] = FAMILY.exec(type) ?? []
  return JSON.stringify(family + redactedInput(type.slice(family.length)))
}

function decoded(text: string): Buffer {
  const bytes = decodeBase64(text)
  if (bytes === undefined) throw refused('/body', 'is not base64, though the gateway says so')
  return bytes
}

/** How many more nobody can tell: whoever stands before a function need not pass on the rest. */
function tooLarge({ maxBytes }: BodyTerms): Fault {
  return refused('/body', `found more than ${maxBytes} bytes, allowed are at most ${maxBytes}`)
}

/** A body that cannot be read, because of something in the request. */
export function refused(pointer: string, detail: string): Fault {
  return new Fault('invalid_request', 'Cannot read the body of this request', {
    mistakes: [{ pointer, detail }],
  })
}
