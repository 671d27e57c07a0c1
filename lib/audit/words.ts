import { type Duration, formatTime, hoursBetween, type Instant } from '../time.ts'

/** A name in quotes, whatever is in it. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

/** How long something had lasted at a moment, and since when: `31.50 h ago (2026-11-19T16:30:00.000Z)`. */
export function ago(since: Instant, asOf: Instant): string {
  return `${hoursText(since, asOf)} ago (${formatTime(since)})`
}

/** The hours between two moments with two decimals, floored: `31.50 h`. */
export function hoursText(since: Instant, until: Instant): string {
  return `${hoursBetween(since, until).toFixed(2)} h`
}

/** A threshold in hours, as short as it goes: `26 h`. */
export function thresholdText(duration: Duration): string {
  return `${Number((duration / 3_600_000_000).toFixed(2))} h`
}

/** Why a status that Huawei does not document leaves a question open. */
export function strangeStatus(status: string): string {
  return status === 'unknown' ? 'The status is missing' : `The status ${quoted(status)} is not documented`
}
