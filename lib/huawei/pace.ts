import type { RateLimit } from './retry-after.ts'

/** Enough for the largest limit seen (200 per 5 min) many times over. */
const REMEMBERED = 4096
/** Clocks and networks are never exact: a hundredth more than the window costs less than a refusal. */
const MARGIN = 1.01

/** The calls that were made under the same limits, and what those allow next. */
export class Pace {
  readonly #limits = new Map<number, number>()
  /** When the gateway can have counted the calls it took, at the latest, in ascending order. */
  readonly #counted: number[] = []
  #inFlight = 0

  get inFlight(): number {
    return this.#inFlight
  }

  /** How many calls are remembered as counted. */
  get counted(): number {
    return this.#counted.length
  }

  begin(): void {
    this.#inFlight += 1
  }

  /** A call is over; `countedAt` where the gateway took it. */
  end(countedAt: number | undefined): void {
    this.#inFlight -= 1
    if (countedAt === undefined) return
    this.#counted.push(Math.max(countedAt, this.#counted.at(-1) ?? countedAt))
    if (this.#counted.length > REMEMBERED) this.#counted.shift()
  }

  learn({ count, windowMs }: RateLimit): void {
    this.#limits.set(windowMs, count)
  }

  knows({ count, windowMs }: RateLimit): boolean {
    return this.#limits.get(windowMs) === count
  }

  /** Whether the calls of the last window, and those under way, are as many as the limit allows. */
  fills({ count, windowMs }: RateLimit, now: number): boolean {
    const before = this.#counted.findLastIndex((at) => at <= now - windowMs)
    return this.#counted.length - before - 1 + this.#inFlight >= count
  }

  /** The earliest time at which one more call fits under every limit; infinite where one under way must end first. */
  nextTurn(): number {
    let turn = Number.NEGATIVE_INFINITY
    for (const [windowMs, count] of this.#limits) {
      const surplus = this.#counted.length + this.#inFlight - count
      if (surplus < 0) continue
      turn = Math.max(turn, (this.#counted[surplus] ?? Number.POSITIVE_INFINITY) + windowMs * MARGIN)
    }
    return turn
  }
}
