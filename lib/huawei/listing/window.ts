import { formatSecond, formatTime, fromEpochSeconds, type Instant, wholeSecond } from '../../time.ts'
import type { Parameters } from './listing.ts'
import type { Window } from './span.ts'

/** A whole second as the time filters want it. */
export function stamp(second: number): string {
  return formatSecond(fromEpochSeconds(second))
}

/**
 * The filters that return every row of a window, whichever way the API reads its own: whether the ends are inside
 * is undocumented, and so is whether it compares microseconds or whole seconds. One second more at either end
 * covers all readings, and makes neighbouring windows overlap, without which the rows inside (e, e+1) are lost.
 */
export function timeFilter(window: Window): Parameters {
  const end = ['end_time', stamp(window.to + 1)] as const
  return window.from === undefined ? [end] : [['start_time', stamp(firstAsked(window.from, window))], end]
}

/** How far into the second that `start_time` named the first row shown lies, in microseconds; undefined where none lies in it. */
export function shownFrom(window: Window, times: readonly Instant[]): number | undefined {
  const [first] = times
  if (window.from === undefined || first === undefined) return undefined
  return wholeSecond(first) === firstAsked(window.from, window) ? offsetInSecond(first) : undefined
}

/** How far into its second an instant lies, in microseconds. */
export function offsetInSecond(instant: Instant): number {
  return instant - fromEpochSeconds(wholeSecond(instant))
}

function firstAsked(from: number, { isSharp = false }: Window): number {
  return isSharp ? from : from - 1
}

/** Whether the API kept its promise for a row: inside what `timeFilter` asked for, give or take a second. */
export function isInside(window: Window, createdAt: Instant): boolean {
  const second = wholeSecond(createdAt)
  return (window.from === undefined || second >= window.from - 2) && second <= window.to + 2
}

/** A window in words, for the report. */
export function describe(window: Window): string {
  const until = formatTime(fromEpochSeconds(window.to))
  if (window.from === undefined) return `up to ${until}`
  return `from ${formatTime(fromEpochSeconds(window.from))} to ${until}`
}
