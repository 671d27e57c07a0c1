import { daysSinceEpoch } from './calendar.ts'
import type { Instant } from './time.ts'

const STAMP =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2})?)?$/

/** Up to the year 2255 a double holds every microsecond; dates beyond it, which mean "never", are kept to the millisecond. */
const LAST_EXACT_MS = Math.floor(Number.MAX_SAFE_INTEGER / 1000)

/**
 * Reads a time as Huawei writes it, or returns undefined where the text is none: microseconds or milliseconds,
 * with `Z`, with an offset, or without a zone, which means UTC (`new Date` would read that as local time).
 */
export function parseTime(text: string): Instant | undefined {
  return readPlain(text) ?? readAny(text)
}

/**
 * The shape of nearly all of Huawei's times, `2025-03-25T06:32:07.951164` with or without `Z`, read three times as fast
 * as the others; undefined for those, and for leap days.
 */
function readPlain(text: string): Instant | undefined {
  const end = text.endsWith('Z') ? text.length - 1 : text.length
  if (end < 19 || end === 20 || end > 26 || (end > 19 && text[19] !== '.')) return undefined
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':')
    return undefined
  const year = readDigits(text, 0, 4)
  const month = readDigits(text, 5, 7)
  const day = readDigits(text, 8, 10)
  const hour = readDigits(text, 11, 13)
  const minute = readDigits(text, 14, 16)
  const second = readDigits(text, 17, 19)
  if (!(year >= 1000 && day >= 1 && day <= (DAYS_OF_MONTH[month] ?? 0))) return undefined
  if (!(hour < 24 && minute < 60 && second < 60)) return undefined
  const us = end === 19 ? 0 : readDigits(text, 20, end) * (MICROSECONDS[end - 20] ?? Number.NaN)
  if (Number.isNaN(us)) return undefined
  const seconds = daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
  return toInstant(seconds * 1000, us)
}

/** By number from 1, in years without a leap day. */
const DAYS_OF_MONTH = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** What the last of so many digits after the point is worth in microseconds. */
const MICROSECONDS = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1] as const

/** The number that the digits of a text make between two places; NaN where one of them is no digit. */
function readDigits(text: string, from: number, to: number): number {
  let value = 0
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function readAny(text: string): Instant | undefined {
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
  return toInstant(ms - offsetMinutes * 60_000, Number(fraction.slice(0, 6).padEnd(6, '0')))
}

function toInstant(ms: number, us: number): Instant {
  return (ms * 1000 + (Math.abs(ms) < LAST_EXACT_MS ? us : us - (us % 1000))) as Instant
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
