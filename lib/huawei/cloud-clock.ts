import { type Instant, minutes, shifted } from '../time.ts'

/** What time it is where signatures are checked. */
export interface CloudClock {
  readonly now: () => Instant
  /** The time that a signature for that host bears. */
  readonly timeAt: (origin: string) => Instant
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
  readonly correct: (origin: string, theirs: Instant) => void
  /** What was decided before it was decided by a wrong clock. A new object each time; undefined while there was none. */
  readonly lastCorrection: () => Correction | undefined
}

/** Answers to calls that were under way together come one after the other, and tell of one correction. */
const SAME: number = minutes(1)

/**
 * Our clock, until Huawei says that it is off. Each host is believed of its own time at once. What time it is lies in the
 * middle of ours and theirs: a single host that contradicts us is right, and one that contradicts us and another host is not.
 */
export function createCloudClock(ours: () => Instant): CorrectableClock {
  const skews = new Map<string, number>()
  let offset = 0
  let last: Correction | undefined
  const timeAt = (origin: string): Instant => shifted(ours(), skews.get(origin) ?? offset)
  return {
    now: () => shifted(ours(), offset),
    timeAt,
    correct: (origin, theirs) => {
      if (Math.abs(theirs - timeAt(origin)) <= SAME) return
      skews.set(origin, theirs - ours())
      const middle = middleOf([0, ...skews.values()])
      if (Math.abs(middle - offset) <= SAME) return
      offset = middle
      last = { ours: ours(), theirs: shifted(ours(), offset) }
    },
    lastCorrection: () => last,
  }
}

/** A clock that nobody corrects. */
export function fixedClock(now: () => Instant): CloudClock {
  return { now, timeAt: now }
}

/** Of two in the middle the one that is further from our own time. */
function middleOf(skews: readonly number[]): number {
  const sorted = skews.toSorted((one, other) => one - other)
  const pair = [sorted[(sorted.length - 1) >>> 1] ?? 0, sorted[sorted.length >>> 1] ?? 0] as const
  return Math.abs(pair[0]) > Math.abs(pair[1]) ? pair[0] : pair[1]
}
