import { Fault } from '../errors.ts'
import type { Sleep } from './pause.ts'
import type { RateLimit } from './retry-after.ts'
import { TransportFailure } from './transport-failure.ts'

/** How a lane is kept. */
export interface LaneOptions {
  /** Any clock in milliseconds that never jumps. */
  readonly nowMs: () => number
  readonly sleep: Sleep
  readonly maxConcurrent: number
  /** A call that would have to wait longer for its turn fails instead. */
  readonly maxWaitMs: number
}

interface Waiter {
  readonly start: () => void
  readonly refuse: (fault: Fault) => void
}

/** Memory of a lane: enough for the largest limit seen (200 per 5 min) many times over. */
const REMEMBERED = 4096
/** A small limit shows itself within the first calls; few at a time until then cost few refusals. */
const TRIAL_CALLS = 32
const TRIAL_CONCURRENT = 4
/** Clocks and networks are never exact: a hundredth more than the window costs less than a refusal. */
const MARGIN = 1.01
/** The window to assume where a 429 names none. */
const UNNAMED_WINDOW_MS = 4000

/**
 * The calls that share one limit of the gateway, in the order in which they came. Until a 429 names the limit only
 * their number at a time is bounded; from then on never more than N calls fall into any window of T, which satisfies
 * a gateway that counts in token buckets, sliding windows or fixed ones alike.
 */
export class Lane {
  readonly #options: LaneOptions
  readonly #queue: Waiter[] = []
  readonly #limits = new Map<number, number>()
  /** When the gateway can have counted the calls it took, at the latest, in ascending order. */
  readonly #counted: number[] = []
  #inFlight = 0
  #ceiling: number
  #quickestMs = Number.POSITIVE_INFINITY
  #pausedUntil = Number.NEGATIVE_INFINITY
  #slowedAt = Number.NEGATIVE_INFINITY
  #surprises = 0
  #alarm: AbortController | undefined

  constructor(options: LaneOptions) {
    this.#options = options
    this.#ceiling = Math.min(TRIAL_CONCURRENT, options.maxConcurrent)
  }

  /** Resolves when it is this call's turn, with the time; `leave` must follow. */
  enter(signal?: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiter), 1)
        reject(outOfTime('the time allowed ran out'))
        this.#pump()
      }
      const waiter: Waiter = {
        start: () => {
          signal?.removeEventListener('abort', onAbort)
          this.#inFlight += 1
          resolve(this.#options.nowMs())
        },
        refuse: (fault) => {
          signal?.removeEventListener('abort', onAbort)
          reject(fault)
        },
      }
      if (signal?.aborted) return reject(outOfTime('the time allowed ran out'))
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(waiter)
      this.#pump()
    })
  }

  /** The call is over; `refused` where it was answered 429, with the limit that the answer named. */
  leave(startedAt: number, refused?: { readonly limit: RateLimit | undefined }): void {
    this.#inFlight -= 1
    if (refused === undefined) this.#count(startedAt)
    else this.#slowDown(startedAt, refused.limit)
    this.#pump()
  }

  #count(startedAt: number): void {
    const now = this.#options.nowMs()
    // The answer took at least the shortest time ever seen to come back, so the gateway counted before that.
    this.#quickestMs = Math.min(this.#quickestMs, now - startedAt)
    this.#counted.push(now - this.#quickestMs)
    if (this.#counted.length > REMEMBERED) this.#counted.shift()
    this.#surprises = 0
    this.#raiseCeiling()
  }

  #raiseCeiling(): void {
    const { maxConcurrent } = this.#options
    const isOnTrial = this.#slowedAt === Number.NEGATIVE_INFINITY
    if (!isOnTrial) this.#ceiling = Math.min(maxConcurrent, this.#ceiling + 1 / this.#ceiling)
    else if (this.#counted.length >= TRIAL_CALLS) this.#ceiling = maxConcurrent
  }

  #slowDown(startedAt: number, limit: RateLimit | undefined): void {
    const now = this.#options.nowMs()
    const explained =
      limit !== undefined && this.#isNews(limit) && this.#recent(limit.windowMs) >= limit.count
    if (limit !== undefined) this.#limits.set(limit.windowMs, limit.count)
    // Calls that were on their way when the first of them was refused say nothing new.
    if (startedAt <= this.#slowedAt) return
    this.#slowedAt = now
    this.#ceiling = explained ? this.#options.maxConcurrent : Math.max(1, this.#ceiling / 2)
    // Our own calls filled the window: knowing the limit, we keep to it from now on.
    if (explained) return
    // Others use up the same limit: look again after an eighth of its window, then a quarter, …
    const windowMs = limit?.windowMs ?? UNNAMED_WINDOW_MS
    this.#pausedUntil = now + Math.min(windowMs, (windowMs / 8) * 2 ** this.#surprises)
    this.#surprises += 1
  }

  #isNews({ count, windowMs }: RateLimit): boolean {
    return this.#limits.get(windowMs) !== count
  }

  #recent(windowMs: number): number {
    const since = this.#options.nowMs() - windowMs
    return this.#counted.length - this.#counted.findLastIndex((at) => at <= since) - 1 + this.#inFlight
  }

  /** The earliest time at which one more call fits under every limit; infinite where one under way must end first. */
  #nextTurn(): number {
    let turn = this.#pausedUntil
    for (const [windowMs, count] of this.#limits) {
      const surplus = this.#counted.length + this.#inFlight - count
      if (surplus < 0) continue
      turn = Math.max(turn, (this.#counted[surplus] ?? Number.POSITIVE_INFINITY) + windowMs * MARGIN)
    }
    return turn
  }

  #pump(): void {
    this.#alarm?.abort()
    this.#alarm = undefined
    while (this.#queue.length > 0 && this.#inFlight + 1 <= this.#ceiling) {
      const waitMs = this.#nextTurn() - this.#options.nowMs()
      if (waitMs > 0) {
        this.#wakeIn(waitMs)
        return
      }
      this.#queue.shift()?.start()
    }
  }

  #wakeIn(waitMs: number): void {
    // One under way has to end first; its end looks at the queue again.
    if (waitMs === Number.POSITIVE_INFINITY) return
    if (waitMs > this.#options.maxWaitMs) {
      this.#refuseAll(waitMs)
      return
    }
    const alarm = new AbortController()
    this.#alarm = alarm
    this.#options.sleep(Math.ceil(waitMs), alarm.signal).then(
      () => this.#pump(),
      () => {},
    )
  }

  #refuseAll(waitMs: number): void {
    const minutes = Math.ceil(waitMs / 60_000)
    for (const waiter of this.#queue.splice(0))
      waiter.refuse(outOfTime(`the next call is allowed in ${minutes} min only`, waitMs))
  }
}

function outOfTime(why: string, retryAfterMs?: number): Fault {
  return new Fault(
    'upstream_throttled',
    `Cannot call Huawei now: ${why} while this call waited for its turn`,
    {
      cause: new TransportFailure('ABORTED', why, 'no'),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  )
}
