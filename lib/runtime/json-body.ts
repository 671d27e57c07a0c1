import { parseJsonBytes } from '../untrusted-json.ts'
import { type BodyEvent, JSON_TYPE, readRawBody, refused } from './raw-body.ts'
import { redactedText } from './redacted-input.ts'

const TERMS = { maxBytes: 2 ** 20, type: JSON_TYPE, typeName: 'application/json', isSaidBack: true }

/** The documents nest six deep, and a thousand resources with all their fields stay far below so many values. */
const LIMITS = { maxDepth: 32, maxValues: 10_000 }

/**
 * Reads the body of a request as JSON: UTF-8 without a byte order mark, at most 1 MiB, of sane depth. Throws a Fault
 * `invalid_request` for anything else, before much work is done for it.
 */
export function readJsonBody(event: BodyEvent): unknown {
  const encoding = event.headers['content-encoding'] || 'identity'
  if (encoding.toLowerCase() !== 'identity')
    throw refused(
      '/header/content-encoding',
      `found ${redactedText(encoding)}, allowed is no content encoding`,
    )
  return parseJsonBytes(readRawBody(event, TERMS), LIMITS)
}
