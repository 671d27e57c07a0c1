import { after, before, type Duration, fromEpochSeconds, type Instant, minutes } from '../time.ts'

/** How far from now a delivery may have been sent. */
export interface Window {
  readonly past: Duration
  readonly future: Duration
}

/** The window of senders who sign the time of each attempt; a constant, because 0 would mean something else to everybody. */
export const OF_AN_ATTEMPT: Window = { past: minutes(5), future: minutes(5) }

/** Whether a moment lies in a window around now; both bounds belong to it. */
export function isWithin(moment: Instant, now: Instant, { past, future }: Window): boolean {
  return moment >= before(now, past) && moment <= after(now, future)
}

/** The moment that a count of whole seconds since 1970 means, as headers hold it: digits and nothing else. */
export function readEpochSeconds(text: string): Instant | undefined {
  return /^\d{1,12}$/.test(text) ? fromEpochSeconds(Number(text)) : undefined
}
