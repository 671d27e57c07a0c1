import type { Instant } from '../time.ts'

const US_PER_SECOND = 1_000_000

/** How far from now a delivery may have been sent. */
export interface Window {
  readonly pastSeconds: number
  readonly futureSeconds: number
}

/** The window of senders who sign the time of each attempt; a constant, because 0 would mean something else to everybody. */
export const OF_AN_ATTEMPT: Window = { pastSeconds: 300, futureSeconds: 300 }

/** Whether a moment lies in a window around now; both bounds belong to it. */
export function isWithin(moment: Instant, now: Instant, { pastSeconds, futureSeconds }: Window): boolean {
  return moment >= now - pastSeconds * US_PER_SECOND && moment <= now + futureSeconds * US_PER_SECOND
}

/** The moment that a count of whole seconds since 1970 means, as headers hold it: digits and nothing else. */
export function readEpochSeconds(text: string): Instant | undefined {
  return /^\d{1,12}$/.test(text) ? ((Number(text) * US_PER_SECOND) as Instant) : undefined
}
