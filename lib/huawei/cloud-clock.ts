import { type Instant, minutes, shifted } from '../time.ts'
import { MAX_SKEW } from './clock-skew.ts'

/** What time it is where signatures are checked. */
export interface CloudClock {
  readonly now: () => Instant
  /** The time that a signature for that host bears. */
  readonly timeAt: (origin: string) => Instant
  /** A host has agreed with that time. */
  readonly agree?: ((origin: string, time: Instant) => void) | undefined
  /** Goes by what a host says of its time from then on; absent where a person is to set ours instead. */
  readonly correct?: ((origin: string, theirs: Instant) => void) | undefined
}

/** One moment by our clock, and as it is taken to be. */
export interface Correction {
  readonly ours: Instant
  readonly theirs: Instant
}

/** A clock that Huawei may correct. */
export interface CorrectableClock extends CloudClock {
  readonly agree: (origin: string, time: Instant) => void
  readonly correct: (origin: string, theirs: Instant) => void
  /** What was decided before it was decided by a wrong clock. A new object each time; undefined while there was none. */
  readonly lastCorrection: () => Correction | undefined
}

/** Answers to calls that were under way together come one after the other, and tell of one correction. */
const SAME: number = minutes(1)

/**
 * Our clock, until Huawei says that it is off. Each host is believed of its own time at once, and signed for with that. What time
 * it is two voices settle, ours being one: until a second host has spoken the first one is right, and from then on no other
 * host changes it.
 */
export function createCloudClock(ours: () => Instant): CorrectableClock {
  const skews = new Map<string, number>()
  let offset = 0
  let isSettled = false
  let last: Correction | undefined
  const timeAt = (origin: string): Instant => shifted(ours(), skews.get(origin) ?? offset)
  const goBy = (skew: number): void => {
    if (Math.abs(skew - offset) <= SAME) return
    offset = skew
    last = { ours: ours(), theirs: shifted(ours(), offset) }
  }
  /** What another host than the first says: what it agrees with, or our own time. */
  const settle = (skew: number): void => {
    if (Math.abs(skew - offset) > MAX_SKEW) goBy(0)
    isSettled = true
  }
  return {
    now: () => shifted(ours(), offset),
    timeAt,
    agree: (origin, time) => {
      // Who is signed for with its own time says nothing of anybody else's.
      if (!isSettled && !skews.has(origin)) settle(time - ours())
    },
    correct: (origin, theirs) => {
      if (Math.abs(theirs - timeAt(origin)) <= SAME) return
      const skew = theirs - ours()
      const others = skews.size - (skews.has(origin) ? 1 : 0)
      skews.set(origin, skew)
      if (isSettled) return
      if (others === 0) goBy(skew)
      else settle(skew)
    },
    lastCorrection: () => last,
  }
}

/** A clock that nobody corrects. */
export function fixedClock(now: () => Instant): CloudClock {
  return { now, timeAt: now }
}
