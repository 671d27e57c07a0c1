import { Fault } from '../errors.ts'
import { Pace } from './pace.ts'
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

/** The lanes that lead through one gateway: some limits hold for one API, others for all calls of a user together. */
export interface Road {
  readonly pace: Pace
  readonly lanes: Set<Pick<Lane, 'pump'>>
}

interface Waiter {
  readonly start: () => void
  readonly refuse: (fault: Fault) => void
}

/** A small limit shows itself within the first calls; few at a time until then cost few refusals. */
const TRIAL_CALLS = 32
const TRIAL_CONCURRENT = 4
const ROAD_TRIAL_CONCURRENT = 8
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
  readonly #own = new Pace()
  readonly #road: Road
  #ceiling: number
  #quickestMs = Number.POSITIVE_INFINITY
  #pausedUntil = Number.NEGATIVE_INFINITY
  #slowedAt = Number.NEGATIVE_INFINITY
  #surprises = 0
  #alarm: AbortController | undefined

  constructor(options: LaneOptions, road: Road = { pace: new Pace(), lanes: new Set() }) {
    this.#options = options
    this.#road = road
    road.lanes.add(this)
    this.#ceiling = Math.min(TRIAL_CONCURRENT, options.maxConcurrent)
  }

  /** Resolves when it is this call's turn, with the time; `leave` must follow. */
  enter(signal?: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiter), 1)
        reject(outOfTime('the time allowed ran out'))
        this.pump()
      }
      const waiter: Waiter = {
        start: () => {
          signal?.removeEventListener('abort', onAbort)
          this.#own.begin()
          this.#road.pace.begin()
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
      this.pump()
    })
  }

  /** The call is over; `refused` where it was answered 429, with the limit that the answer named. */
  leave(startedAt: number, refused?: { readonly limit: RateLimit | undefined }): void {
    const countedAt = refused === undefined ? this.#countedAt(startedAt) : undefined
    this.#own.end(countedAt)
    this.#road.pace.end(countedAt)
    if (refused === undefined) this.#speedUp()
    else this.#slowDown(startedAt, refused.limit)
    for (const lane of this.#road.lanes) lane.pump()
  }

  /** The answer took at least the shortest time ever seen to come back, so the gateway counted before that. */
  #countedAt(startedAt: number): number {
    const now = this.#options.nowMs()
    this.#quickestMs = Math.min(this.#quickestMs, now - startedAt)
    return now - this.#quickestMs
  }

  #speedUp(): void {
    this.#surprises = 0
    this.#raiseCeiling()
  }

  #raiseCeiling(): void {
    const { maxConcurrent } = this.#options
    const isOnTrial = this.#slowedAt === Number.NEGATIVE_INFINITY
    if (!isOnTrial) this.#ceiling = Math.min(maxConcurrent, this.#ceiling + 1 / this.#ceiling)
    else if (this.#own.counted >= TRIAL_CALLS) this.#ceiling = maxConcurrent
  }

  #slowDown(startedAt: number, limit: RateLimit | undefined): void {
    const now = this.#options.nowMs()
    const explained = limit !== undefined && !this.#own.knows(limit) && this.#own.fills(limit, now)
    if (limit !== undefined) this.#own.learn(limit)
    // Calls that were on their way when the first of them was refused say nothing new.
    if (startedAt <= this.#slowedAt) return
    this.#slowedAt = now
    if (limit !== undefined && this.#isOfTheRoad(limit, now)) {
      this.#road.pace.learn(limit)
      return
    }
    this.#ceiling = explained ? this.#options.maxConcurrent : Math.max(1, this.#ceiling / 2)
    // Our own calls filled the window: knowing the limit, we keep to it from now on.
    if (explained) return
    // Others use up the same limit: look again after an eighth of its window, then a quarter, …
    const windowMs = limit?.windowMs ?? UNNAMED_WINDOW_MS
    this.#pausedUntil = now + Math.min(windowMs, (windowMs / 8) * 2 ** this.#surprises)
    this.#surprises += 1
  }

  /** Whether a limit that this lane alone did not reach was reached by all lanes together: then it holds for all. */
  #isOfTheRoad(limit: RateLimit, now: number): boolean {
    const { pace } = this.#road
    return !pace.knows(limit) && !this.#own.fills(limit, now) && pace.fills(limit, now)
  }

  /** Lets go as many as may go now. */
  pump(): void {
    this.#alarm?.abort()
    this.#alarm = undefined
    while (this.#queue.length > 0 && this.#own.inFlight + 1 <= this.#ceiling && this.#isRoadFree()) {
      const turn = Math.max(this.#pausedUntil, this.#own.nextTurn(), this.#road.pace.nextTurn())
      const waitMs = turn - this.#options.nowMs()
      if (waitMs > 0) {
        this.#wakeIn(waitMs)
        return
      }
      this.#queue.shift()?.start()
    }
  }

  /** All lanes together begin few at a time too: a limit that holds for all shows itself as early as one of a single API. */
  #isRoadFree(): boolean {
    const { inFlight, counted } = this.#road.pace
    return counted >= TRIAL_CALLS || inFlight < ROAD_TRIAL_CONCURRENT
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
      () => this.pump(),
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
