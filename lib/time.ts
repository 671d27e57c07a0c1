declare const instantBrand: unique symbol
declare const durationBrand: unique symbol

/** A moment in UTC: whole microseconds since 1970, because Huawei's times have microseconds and comparisons must not lose them. */
export type Instant = number & { readonly [instantBrand]: true }

/** A length of time in whole microseconds, never negative. */
export type Duration = number & { readonly [durationBrand]: true }

const US_PER_HOUR = 3_600_000_000
const US_PER = { s: 1_000_000, m: 60_000_000, h: US_PER_HOUR, d: 24 * US_PER_HOUR } as const

const STAMP =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Reads a time as Huawei writes it, or returns undefined where the text is none: microseconds or milliseconds,
 * with `Z`, with an offset, or without a zone, which means UTC (`new Date` would read that as local time).
 */
export function parseTime(text: string): Instant | undefined {
  const match = STAMP.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match
  const fields = [
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  ] as const
  const ms = Date.UTC(...fields)
  if (!isCalendarTime(ms, fields)) return undefined
  const offsetMinutes = zoneOffsetMinutes(zone)
  if (offsetMinutes === undefined) return undefined
  const us = Number(fraction.slice(0, 6).padEnd(6, '0'))
  return (ms * 1000 + us - offsetMinutes * US_PER.m) as Instant
}

/** The instant of a count of milliseconds since 1970, as clocks give it. */
export function fromEpochMs(epochMs: number): Instant {
  return Math.floor(epochMs * 1000) as Instant
}

/** The whole milliseconds since 1970, floored. */
export function toEpochMs(instant: Instant): number {
  return Math.floor(instant / 1000)
}

/** ISO 8601 in UTC with `Z` and milliseconds, floored: the only form in which we write times. */
export function formatTime(instant: Instant): string {
  return new Date(toEpochMs(instant)).toISOString()
}

/** Reads a duration such as `26h`, `90m`, `7d` or `30s`; undefined where the text is none. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)(s|m|h|d)$/.exec(text)
  if (match === null) return undefined
  const [, amount, unit] = match
  return Math.round(Number(amount) * US_PER[unit as keyof typeof US_PER]) as Duration
}

/** A duration of so many hours. */
export function hours(count: number): Duration {
  return Math.round(count * US_PER_HOUR) as Duration
}

/** The instant that lies a duration before another. */
export function before(instant: Instant, duration: Duration): Instant {
  return (instant - duration) as Instant
}

/** The hours from one instant to a later one, floored to two decimals. */
export function hoursBetween(from: Instant, to: Instant): number {
  return Math.floor((to - from) / (US_PER_HOUR / 100)) / 100
}

function isCalendarTime(
  ms: number,
  fields: readonly [number, number, number, number, number, number],
): boolean {
  const date = new Date(ms)
  const [year, month, day, hour, minute, second] = fields
  // Date.UTC rolls 2026-02-30 over into March; a rolled date is not the one that was written.
  return (
    year >= 1000 &&
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  )
}

function zoneOffsetMinutes(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0
  const offsetHours = Number(zone.slice(1, 3))
  const offsetMinutes = Number(zone.slice(-2))
  if (offsetHours > 18 || offsetMinutes > 59) return undefined
  const minutes = offsetHours * 60 + offsetMinutes
  return zone.startsWith('-') ? -minutes : minutes
}
