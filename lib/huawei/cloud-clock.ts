import { type Instant, minutes, shifted } from '../time.ts'

/** What time it is where signatures are checked. */
export interface CloudClock {
  readonly now: () => Instant
  /** Goes by their time from then on; absent where ours is to be set by a person instead. */
  readonly correct?: ((theirs: Instant) => void) | undefined
}

/** A clock that Huawei may correct. */
export interface CorrectableClock extends CloudClock {
  readonly correct: (theirs: Instant) => void
  /** What was decided before it was decided by a wrong clock. A new object each time; undefined while there was none. */
  readonly lastCorrection: () => Correction | undefined
}

/** One moment by our clock and by theirs. */
export interface Correction {
  readonly ours: Instant
  readonly theirs: Instant
}

/** Answers to calls that were under way together come one after the other, and tell of one correction. */
const SAME: number = minutes(1)

/** Our clock, until Huawei says that it is off. */
export function createCloudClock(ours: () => Instant): CorrectableClock {
  let offset = 0
  let last: Correction | undefined
  const now = (): Instant => shifted(ours(), offset)
  return {
    now,
    correct: (theirs) => {
      if (Math.abs(theirs - now()) <= SAME) return
      last = { ours: now(), theirs }
      offset = theirs - ours()
    },
    lastCorrection: () => last,
  }
}
