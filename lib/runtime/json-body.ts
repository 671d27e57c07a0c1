import { Fault } from '../errors.ts'
import type { HttpEvent } from './http-event.ts'

const MAX_BYTES = 2 ** 20
/** The documents nest six deep; JSON.parse would follow a hundred thousand. */
const MAX_DEPTH = 32
/** A thousand resources with all their fields stay far below. */
const MAX_VALUES = 10_000

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i

/**
 * Reads the body of a request as JSON: UTF-8 without a byte order mark, at most 1 MiB, of sane depth. Throws a Fault
 * `invalid_request` for anything else, before much work is done for it.
 */
export function readJsonBody({ headers, body, isBase64Encoded }: HttpEvent): unknown {
  const type = headers['content-type']
  if (type === undefined || !JSON_TYPE.test(type))
    throw refused(
      '/header/content-type',
      `found ${type === undefined ? 'none' : 'another'}, allowed is application/json`,
    )
  const bytes = isBase64Encoded ? decodeBase64(body ?? '') : Buffer.from(body ?? '', 'utf8')
  if (bytes.length > MAX_BYTES)
    throw refused('/body', `found ${bytes.length} bytes, allowed are at most ${MAX_BYTES}`)
  return parse(decodeUtf8(bytes))
}

function decodeBase64(text: string): Buffer {
  if (text.length % 4 === 0 && BASE64.test(text)) return Buffer.from(text, 'base64')
  throw refused('/body', 'is not base64, though the gateway says so')
}

function decodeUtf8(bytes: Buffer): string {
  try {
    // A byte order mark is kept, so that JSON.parse refuses it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw refused('/body', 'is not UTF-8')
  }
}

function parse(text: string): unknown {
  requireSaneShape(text)
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words would quote the body.
    const found = text.trim() === '' ? 'nothing' : 'text that is not JSON'
    throw refused('/body', `found ${found}, allowed is a JSON object in UTF-8 without a byte order mark`)
  }
}

/** Counts brackets and commas outside of strings; whether they fit together is for the parser to say. */
function requireSaneShape(text: string): void {
  let depth = 0
  let values = 0
  let inString = false
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index]
    if (inString) {
      if (letter === '\\') index += 1
      else if (letter === '"') inString = false
    } else if (letter === '"') inString = true
    else if (letter === '[' || letter === '{') depth += 1
    else if (letter === ']' || letter === '}') depth -= 1
    else if (letter === ',') values += 1
    if (depth > MAX_DEPTH) throw refused('/body', `is nested deeper than ${MAX_DEPTH}`)
    if (values > MAX_VALUES) throw refused('/body', `holds more than ${MAX_VALUES} values`)
  }
}

function refused(pointer: string, detail: string): Fault {
  return new Fault('invalid_request', 'Cannot read the body of this request', {
    mistakes: [{ pointer, detail }],
  })
}
