import { clockText, dateText } from './calendar.ts'

declare const instantBrand: unique symbol
declare const durationBrand: unique symbol

/** A moment in UTC: whole microseconds since 1970, because Huawei's times have microseconds and comparisons must not lose them. */
export type Instant = number & { readonly [instantBrand]: true }

/** A length of time in whole microseconds, never negative. */
export type Duration = number & { readonly [durationBrand]: true }

const US_PER_SECOND = 1_000_000
const US_PER_MINUTE = 60 * US_PER_SECOND
const US_PER_HOUR = 60 * US_PER_MINUTE
const US_PER = new Map([
  ['s', US_PER_SECOND],
  ['m', US_PER_MINUTE],
  ['h', US_PER_HOUR],
  ['d', 24 * US_PER_HOUR],
])

const MS_PER_DAY = 86_400_000
const YEAR_1000_MS = Date.UTC(1000, 0)
const YEAR_10000_MS = Date.UTC(10_000, 0)

/** The instant of a count of milliseconds since 1970, as clocks give it. */
export function fromEpochMs(epochMs: number): Instant {
  return Math.floor(epochMs * 1000) as Instant
}

/** The instant of a count of whole seconds since 1970. */
export function fromEpochSeconds(epochSeconds: number): Instant {
  return (epochSeconds * US_PER_SECOND) as Instant
}

/** The whole second, since 1970, in which an instant lies. */
export function wholeSecond(instant: Instant): number {
  return Math.floor(instant / US_PER_SECOND)
}

/** The whole milliseconds since 1970, floored. */
export function toEpochMs(instant: Instant): number {
  // Beyond the safe integers an instant is a whole millisecond, but for what a double rounds away.
  return Number.isSafeInteger(instant) ? Math.floor(instant / 1000) : Math.round(instant / 1000)
}

/** ISO 8601 in UTC with `Z` and milliseconds, floored: the form in which we write times. */
export function formatTime(instant: Instant): string {
  const ms = toEpochMs(instant)
  if (!(ms >= YEAR_1000_MS && ms < YEAR_10000_MS)) return new Date(ms).toISOString()
  // Reports hold hundreds of thousands of times, and Date takes several times as long.
  const day = Math.floor(ms / MS_PER_DAY)
  return `${dateText(day)}T${clockText(ms - day * MS_PER_DAY)}Z`
}

/** The same without the fraction, as Huawei's filters take it. */
export function formatSecond(instant: Instant): string {
  return `${formatTime(instant).slice(0, 19)}Z`
}

/** Reads a duration such as `26h`, `90m`, `7d` or `30s`; undefined where the text is none. */
export function parseDuration(text: string): Duration | undefined {
  const [, amount, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)([smhd])$/.exec(text) ?? []
  const unitUs = US_PER.get(unit)
  return unitUs === undefined ? undefined : (Math.round(Number(amount) * unitUs) as Duration)
}

/** A duration of so many hours. */
export function hours(count: number): Duration {
  return Math.round(count * US_PER_HOUR) as Duration
}

/** A duration of so many minutes. */
export function minutes(count: number): Duration {
  return Math.round(count * US_PER_MINUTE) as Duration
}

/** The instant that lies a duration before another. */
export function before(instant: Instant, duration: Duration): Instant {
  return (instant - duration) as Instant
}

/** The instant that lies a duration after another. */
export function after(instant: Instant, duration: Duration): Instant {
  return (instant + duration) as Instant
}

/** The instant that lies so many microseconds after another, or before it where they are negative. */
export function shifted(instant: Instant, us: number): Instant {
  return (instant + us) as Instant
}

/** The first of two instants. */
export function earlier(one: Instant, other: Instant): Instant {
  return one < other ? one : other
}

/** The last of two instants. */
export function later(one: Instant, other: Instant): Instant {
  return one > other ? one : other
}

/** The hours from one instant to a later one, floored to two decimals. */
export function hoursBetween(from: Instant, to: Instant): number {
  return Math.floor((to - from) / (US_PER_HOUR / 100)) / 100
}
