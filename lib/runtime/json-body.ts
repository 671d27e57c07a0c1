import { Fault } from '../errors.ts'
import { parseJsonBytes } from '../untrusted-json.ts'
import type { HttpEvent } from './http-event.ts'
import { type BodyEvent, readRawBody } from './raw-body.ts'
import { redactedInput } from './redacted-input.ts'

/** JSON, in UTF-8 where it says so. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i

const MAX_BYTES = 2 ** 20

/** The documents nest six deep, and a thousand resources with all their fields stay far below so many values. */
const LIMITS = { maxDepth: 32, maxValues: 10_000 }

/**
 * Reads the body of a request as JSON: UTF-8 without a byte order mark, at most 1 MiB, of sane depth. Throws a Fault
 * `invalid_request` for anything else, before much work is done for it.
 */
export function readJsonBody(event: BodyEvent & Pick<HttpEvent, 'headers'>): unknown {
  requireJson(event.headers['content-type'])
  return parseJsonBytes(readRawBody(event, MAX_BYTES), LIMITS)
}

/** What every type may begin with, and no key. */
const FAMILY = /^(?:application|multipart|text)\/|/i

function requireJson(type: string | undefined): void {
  if (type !== undefined && JSON_TYPE.test(type)) return
  const found = type === undefined ? 'nothing' : quote(type)
  throw new Fault('invalid_request', 'Cannot read the body of this request', {
    mistakes: [{ pointer: '/header/content-type', detail: `found ${found}, allowed is application/json` }],
  })
}

/** `application/json` itself is as long as a key, and would not be said back. */
function quote(type: string): string {
  const [family = ''] = FAMILY.exec(type) ?? []
  return JSON.stringify(family + redactedInput(type.slice(family.length)))
}
