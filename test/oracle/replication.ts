import { readMicros } from './micros.ts'
import { text } from './seen.ts'
import { isObject, type WireObject } from './wire.ts'

/** What the latest replication record says: by `created_at` (unreadable first), then by id. */
export function latestRecord(records: unknown): {
  replication_status: string
  replication_region: string | null
  replication_error: string | null
} {
  const [latest] = (Array.isArray(records) ? records : []).filter(isObject).sort((a, b) => compare(b, a))
  if (latest === undefined) {
    return { replication_status: 'none', replication_region: null, replication_error: null }
  }
  return {
    replication_status: text(latest.status) ?? 'none',
    replication_region: text(latest.destination_region),
    replication_error: readError(latest.extra_info),
  }
}

function compare(a: WireObject, b: WireObject): number {
  const [atA, atB] = [readMicros(a.created_at) ?? -1n, readMicros(b.created_at) ?? -1n]
  if (atA !== atB) return atA < atB ? -1 : 1
  const [idA, idB] = [text(a.id) ?? '', text(b.id) ?? '']
  if (idA === idB) return 0
  return idA < idB ? -1 : 1
}

function readError(extra: unknown): string | null {
  const object = typeof extra === 'string' ? parse(extra) : extra
  if (!isObject(object)) return null
  const parts = [text(object.fail_code), text(object.fail_reason)].filter(
    (part) => part !== null && part !== '',
  )
  return parts.length === 0 ? null : parts.join(': ')
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
