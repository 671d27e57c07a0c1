import { Fault } from '../errors.ts'
import { redacted } from './redact.ts'
import { TransportFailure } from './transport-failure.ts'

/**
 * Uuids, with hyphens or without, are all that Huawei's documents know. Taken is what RFC 3986 takes in a segment of a path, but for what
 * could lead to another address: a step (`.`, `..`), what is encoded already, and `;`, behind which some servers see parameters.
 */
const ID = /^(?!\.{1,2}$)[0-9A-Za-z_.~!$&'()*+,=:@-]{1,128}$/

/** Whether a text can be an id in a path. */
export function isPathId(text: string): boolean {
  return ID.test(text)
}

/** A path with ids in it; throws a Fault where one of them is none, because what we sign must be what we mean. */
export function pathTo(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  const odd = ids.find((id) => !isPathId(id))
  if (odd === undefined) return String.raw(parts, ...ids)
  const found = `it is no id of Huawei, and an address could not hold it or would lead elsewhere`
  throw new Fault(
    'upstream_unavailable',
    `Cannot ask for "${redacted(odd, 60)}": ${found}. Check where it comes from`,
    {
      cause: new TransportFailure('ERR_INVALID_ID', found, 'no'),
    },
  )
}
