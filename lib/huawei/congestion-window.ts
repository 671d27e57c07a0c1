import type { Call } from './call.ts'
import { atLeastAsked, type RateLimit } from './retry-after.ts'

/** The window to assume where a 429 names none. */
const UNNAMED_WINDOW_MS = 4000

/** What a 429 says: the limit that it names, and how long to wait. */
export interface Refused {
  readonly limit: RateLimit | undefined
  readonly retryAfterMs?: number | undefined
}

/**
 * How many calls of a lane may be under way, and from when on, where others use up the same limit: half as many after each refusal
 * that our own calls do not explain, and one more for every round that was answered (AIMD, as TCP does it).
 */
export class CongestionWindow {
  readonly #most: number
  #size: number
  #pausedUntilMs = Number.NEGATIVE_INFINITY
  #shrunkAtMs = Number.NEGATIVE_INFINITY
  #refusalsInARow = 0

  constructor(most: number) {
    this.#most = most
    this.#size = most
  }

  /** No call may be sent before, on the clock of the lane. */
  get pausedUntilMs(): number {
    return this.#pausedUntilMs
  }

  /** Whether one more may be under way beside so many. */
  hasRoom(inFlight: number): boolean {
    return inFlight + 1 <= this.#size
  }

  /** A call was answered. */
  grow(): void {
    this.#refusalsInARow = 0
    this.#size = Math.min(this.#most, this.#size + 1 / this.#size)
  }

  /** A call was refused though our own calls keep to the limit: look again after an eighth of its window, then a quarter, … */
  shrink({ startedAtMs, endedAtMs }: Call, { limit, retryAfterMs }: Refused): void {
    // Calls that were on their way when the first of them was refused say nothing new.
    if (startedAtMs <= this.#shrunkAtMs) return
    this.#shrunkAtMs = endedAtMs
    this.#size = Math.max(1, this.#size / 2)
    const windowMs = limit?.windowMs ?? UNNAMED_WINDOW_MS
    const pauseMs = Math.min(windowMs, (windowMs / 8) * 2 ** this.#refusalsInARow)
    const askedMs = limit === undefined ? retryAfterMs : undefined
    this.#pausedUntilMs = endedAtMs + atLeastAsked(pauseMs, askedMs)
    this.#refusalsInARow += 1
  }
}
