import type { Mistake } from '../errors.ts'
import { repeatedKeys } from '../repeated-keys.ts'
import { parseJsonBytes } from '../untrusted-json.ts'
import { type BodyEvent, readRawBody, refused } from './raw-body.ts'
import { redactedPointer, redactedText } from './redacted-input.ts'

const TERMS = {
  maxBytes: 2 ** 20,
  // A patch, and what else is written in JSON, is no request.
  type: /^application\/json$/i,
  typeName: 'application/json',
  isSaidBack: true,
}

/** The documents nest six deep, and a thousand resources with all their fields stay far below so many values. */
const LIMITS = { maxDepth: 32, maxValues: 10_000 }

/** Of the keys that are written twice. */
const MOST_NAMED = 20

/**
 * Reads the body of a request as JSON: UTF-8 without a byte order mark, at most 1 MiB, of sane depth; keys that are written
 * twice are added to the mistakes. Throws a Fault `invalid_request` for anything else, before much work is done for it.
 */
export function readJsonBody(event: BodyEvent, mistakes: Mistake[]): unknown {
  const encoding = event.headers['content-encoding'] || 'identity'
  if (encoding.toLowerCase() !== 'identity')
    throw refused(
      '/header/content-encoding',
      `found ${redactedText(encoding)}, allowed is no content encoding`,
    )
  const bytes = readRawBody(event, TERMS)
  const document = parseJsonBytes(bytes, LIMITS)
  const repeated = repeatedKeys(bytes.toString('utf8'), MOST_NAMED)
  mistakes.push(...repeated.map(({ pointer, detail }) => ({ pointer: redactedPointer(pointer), detail })))
  return document
}
