import { Fault } from './errors.ts'

/** How large a document may be that somebody sent. */
export interface JsonLimits {
  /** JSON.parse would follow a hundred thousand levels. */
  readonly maxDepth: number
  readonly maxValues: number
}

/**
 * Parses bytes that a stranger sent as JSON: UTF-8 without a byte order mark, of sane depth and size. Throws a Fault
 * `invalid_request` for anything else, before much work is done for it, and quotes nothing of it. What is ours, or Huawei's, is read
 * by `parseJson`, which has no limits and throws nothing.
 */
export function parseJsonBytes(bytes: Uint8Array, limits: JsonLimits): unknown {
  return parseJsonText(decodeUtf8(bytes), limits)
}

/** Parses a text likewise. */
export function parseJsonText(text: string, limits: JsonLimits): unknown {
  requireSaneShape(text, limits)
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words would quote the body.
    const found = text.trim() === '' ? 'nothing' : 'text that is not JSON'
    throw unreadable(`found ${found}, allowed is a JSON object in UTF-8 without a byte order mark`)
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    // A byte order mark is kept, so that JSON.parse refuses it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw unreadable('is not UTF-8')
  }
}

/** Counts brackets and commas outside of strings; whether they fit together is for the parser to say. */
function requireSaneShape(text: string, { maxDepth, maxValues }: JsonLimits): void {
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
    if (depth > maxDepth) throw unreadable(`is nested deeper than ${maxDepth}`)
    if (values > maxValues) throw unreadable(`holds more than ${maxValues} values`)
  }
}

function unreadable(detail: string): Fault {
  return new Fault('invalid_request', 'Cannot read the body of this request', {
    mistakes: [{ pointer: '/body', detail }],
  })
}
