import type { Replication, Unknown } from '../backup.ts'
import { parseJson } from '../parse-json.ts'
import { asWire, optionalTime, requiredText, text, textOrNumber, type Wire } from './fields.ts'
import { type Projection, WHOLE } from './rows/pattern.ts'

/** All that is read of one of `replication_records`. */
export const REPLICATION_PROJECTION: Projection = {
  id: WHOLE,
  status: WHOLE,
  created_at: WHOLE,
  destination_region: WHOLE,
  extra_info: { fail_code: WHOLE, fail_reason: WHOLE },
}

const NONE: readonly never[] = []

/** Reads `replication_records`. Absent, null and empty mean that there is no copy: we always ask with `show_replication=true`. */
export function readReplications(value: unknown): readonly Replication[] | Unknown {
  if (value === undefined || value === null) return NONE
  if (!Array.isArray(value)) return 'unknown'
  return value.length === 0 ? NONE : value.map(readReplication)
}

function readReplication(row: unknown): Replication {
  const wire = asWire(row)
  const extraInfo = readExtraInfo(wire?.['extra_info'])
  return {
    id: text(wire?.['id']) ?? '',
    status: requiredText(wire?.['status']),
    createdAt: optionalTime(wire?.['created_at']),
    destinationRegion: text(wire?.['destination_region']),
    failCode: textOrNumber(extraInfo?.['fail_code']) || undefined,
    failReason: text(extraInfo?.['fail_reason']) || undefined,
  }
}

/** An object, or the same object as JSON text (the older document types it as a String). */
function readExtraInfo(value: unknown): Wire | undefined {
  return asWire(typeof value === 'string' ? parseJson(value) : value)
}
