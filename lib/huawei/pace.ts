import type { Call } from './call.ts'
import type { RateLimit } from './retry-after.ts'

/** Enough for the largest limit seen (200 per 5 min) many times over. */
const REMEMBERED = 4096
/** Clocks and networks are never exact: a hundredth more than the window costs less than a refusal. */
const MARGIN = 1.01
/** Where that was not enough. */
const WIDE_MARGIN = 1.05

/**
 * How many calls may be under way while a limit may show itself any moment, for they are refused in vain when it does: few
 * until a small one would have, then one more for every two that were taken, so that a run of five times the limit, however
 * large that is, has at most one in twenty refused. Far from the gateway few would be slow whatever it allows: there as many
 * as make so many calls a second.
 */
const TRIAL = { fewest: 4, most: 24, fewUntil: 32, perSecond: 60 }
/** No limit seen was larger than 200 per 5 min, so after as many calls none need be expected. */
const TRIAL_CALLS = 256

/** A limit that was learned. */
interface Meter extends RateLimit {
  readonly margin: number
  readonly learnedAtMs: number
  /** When a bucket that refills by it is full again. */
  fullAtMs: number
}

/** The calls that a limit counts together, and what it allows next. */
export class Pace {
  readonly #meters = new Map<number, Meter>()
  /** When the gateway can have counted the calls it took, at the latest, in ascending order. */
  readonly #counted: number[] = []
  #inFlight = 0

  /** Whether one more call may be under way to a gateway so far away. */
  hasRoom(roundTripMs: number): boolean {
    const taken = this.#counted.length
    if (taken >= TRIAL_CALLS) return true
    const { fewest, most, fewUntil, perSecond } = TRIAL
    const near = fewest + Math.max(0, taken - fewUntil) / 2
    return this.#inFlight < Math.min(most, Math.max(near, (perSecond * roundTripMs) / 1000))
  }

  /** Whether a limit is known, and calls under it are under way. */
  get isBusy(): boolean {
    return this.#meters.size > 0 && this.#inFlight > 0
  }

  begin(): void {
    this.#inFlight += 1
  }

  /** A call is over; `countedAtMs` where the gateway took it. */
  end(countedAtMs: number | undefined): void {
    this.#inFlight -= 1
    if (countedAtMs === undefined) return
    this.#counted.push(Math.max(countedAtMs, this.#counted.at(-1) ?? countedAtMs))
    if (this.#counted.length > REMEMBERED) this.#counted.shift()
    for (const meter of this.#meters.values())
      meter.fullAtMs = Math.max(meter.fullAtMs, countedAtMs) + refillMs(meter)
  }

  /** Takes in a limit by which the gateway just refused a call: nothing of it is left. The second time more margin is kept. */
  learn({ count, windowMs }: RateLimit, nowMs: number): void {
    const margin = this.learnedAtMs({ count, windowMs }) === undefined ? MARGIN : WIDE_MARGIN
    this.#meters.set(windowMs, {
      count,
      windowMs,
      margin,
      learnedAtMs: nowMs,
      fullAtMs: nowMs + windowMs * margin,
    })
  }

  /** When a limit was last learned; undefined where it was not. */
  learnedAtMs(limit: RateLimit): number | undefined {
    return this.#meterOf(limit)?.learnedAtMs
  }

  /** Whether a limit is kept so well that it refuses nothing any more: with much margin, or with any where it refills steadily. */
  isSureOf(limit: RateLimit, isSteady: boolean): boolean {
    const meter = this.#meterOf(limit)
    return meter !== undefined && (isSteady || meter.margin === WIDE_MARGIN)
  }

  /**
   * Whether it can be the limit of these calls that refused one: those of the last window and those under way reach it,
   * and no more were taken than it can let pass, which is twice as many across the end of a window or while it refills.
   */
  fills({ count, windowMs }: RateLimit, call: Call): boolean {
    // Nobody knows to the millisecond what was counted when: a round trip more or less.
    const atMost = this.#takenSince(2 * call.startedAtMs - call.endedAtMs - windowMs)
    return atMost + this.#inFlight >= count && this.#takenSince(call.countedAtMs - windowMs) <= 2 * count
  }

  /** The earliest time at which one more call fits into any window of every limit; infinite where one under way must end first. */
  nextInWindows(): number {
    return this.#latest((meter) => this.#freeAt(meter) + meter.windowMs * meter.margin)
  }

  /** Until when windows of every limit are full for certain. */
  fullUntilMs(): number {
    return this.#latest((meter) => this.#freeAt(meter) + meter.windowMs)
  }

  /** The earliest time at which buckets of every limit that refill steadily hold one more call. */
  nextInBuckets(): number {
    return this.#latest((meter) => meter.fullAtMs - (meter.count - this.#inFlight - 1) * refillMs(meter))
  }

  #latest(timeOf: (meter: Meter) => number): number {
    return Math.max(Number.NEGATIVE_INFINITY, ...[...this.#meters.values()].map(timeOf))
  }

  /** When the call was counted that must leave the window before one more fits. */
  #freeAt({ count }: Meter): number {
    const surplus = this.#counted.length + this.#inFlight - count
    if (surplus < 0) return Number.NEGATIVE_INFINITY
    return this.#counted[surplus] ?? Number.POSITIVE_INFINITY
  }

  #takenSince(timeMs: number): number {
    return this.#counted.length - 1 - this.#counted.findLastIndex((at) => at <= timeMs)
  }

  #meterOf({ count, windowMs }: RateLimit): Meter | undefined {
    const meter = this.#meters.get(windowMs)
    return meter?.count === count ? meter : undefined
  }
}

function refillMs({ count, windowMs, margin }: Meter): number {
  return (windowMs * margin) / count
}
