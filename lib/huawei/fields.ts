import type { Unknown } from '../backup.ts'
import { isJsonObject, type JsonObject } from '../json-object.ts'
import { parseTime } from '../parse-time.ts'
import type { Instant } from '../time.ts'
import { isTooDeep } from './nesting.ts'
import { redacted } from './redact.ts'

/** A wire object of which nothing is believed yet: fields are read one by one, and an odd one harms nothing but itself. */
export type Wire = JsonObject

/** The value as a wire object; undefined for arrays, null and everything that is no object. */
export function asWire(value: unknown): Wire | undefined {
  return isJsonObject(value) ? value : undefined
}

/**
 * A text, or undefined; also for `{}`, which DCS documents print where they mean null. Half a surrogate pair is U+FFFD in it:
 * many readers of JSON, jq among them, go no further than a line that holds one.
 */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.toWellFormed() : undefined
}

/** A text that must be there: anything else, the empty text too, is unknown. */
export function requiredText(value: unknown): string | Unknown {
  return text(value) || 'unknown'
}

/** A text, also where Huawei sends a number: `enterprise_project_id` is `0` or `"0"`. */
export function textOrNumber(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : text(value)
}

/** A time that may be rightly absent as null; a missing or unreadable one is unknown. */
export function nullableTime(value: unknown): Instant | undefined | Unknown {
  return value === null ? undefined : requiredTime(value)
}

/** A time that may be left out; an unreadable one is unknown. */
export function optionalTime(value: unknown): Instant | undefined | Unknown {
  return value === null || value === undefined ? undefined : requiredTime(value)
}

/** A time that must be there. */
export function requiredTime(value: unknown): Instant | Unknown {
  return (typeof value === 'string' ? parseTime(value) : undefined) ?? 'unknown'
}

/** A number, also where it came as text (`resource_size` is a string in the older document). */
export function quantity(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}

/** A boolean, or undefined. */
export function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** Says which record cannot be judged and which of the three fields that every record must have are missing or of the wrong type. */
export function describeMalformed(kind: string, wire: Wire | undefined, idKey: string, owner = ''): string {
  const unreadable = [idKey, 'created_at', 'status'].filter((key) => {
    const value = wire?.[key]
    if (key === 'created_at') return requiredTime(value) === 'unknown'
    return typeof value !== 'string' || (key === idKey && value === '')
  })
  return `${nameOfRecord(kind, wire, idKey)}${owner} ${hasNoReadable(wire, unreadable)}`
}

/** What stands where these fields should be readable: `has no readable created_at (found null), status (found 7)`. */
export function hasNoReadable(wire: Wire | undefined, keys: readonly string[]): string {
  const found = keys.map((key) => {
    return `${key} (found ${redacted(quoted(wire?.[key]), MOST_QUOTED)})`
  })
  return `has no readable ${found.join(', ')}`
}

function quoted(value: unknown): string {
  if (value === undefined) return 'nothing'
  return isTooDeep(value) ? 'something nested too deeply' : (JSON.stringify(value) ?? typeof value)
}

/** Enough to tell what sort of thing it is. */
const MOST_QUOTED = 40

/** A record for people: its quoted id, else its name. */
export function nameOfRecord(kind: string, wire: Wire | undefined, idKey: string): string {
  const id = wire?.[idKey]
  const name = wire?.['name'] ?? wire?.['backup_name']
  if (typeof id === 'string' && id !== '') return `${kind} ${JSON.stringify(id.slice(0, 80))}`
  const one = `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`
  return typeof name === 'string'
    ? `${one} named ${JSON.stringify(name.slice(0, 80))}`
    : `${one} without a name`
}
