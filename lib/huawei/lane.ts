import { Fault } from '../errors.ts'
import type { Call } from './call.ts'
import { CongestionWindow, type Refused } from './congestion-window.ts'
import type { Gateway } from './gateway.ts'
import type { Pace } from './pace.ts'
import type { Sleep } from './pause.ts'
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

/**
 * The calls of one API of one project, in the order in which they came. Until a 429 names the limit only their number at
 * a time is bounded; from then on they keep to it, alone or together with all others whom it counts.
 */
export class Lane {
  readonly #options: LaneOptions
  readonly #queue: Waiter[] = []
  /** Whose calls a limit may count together, from the lane alone to all through the gateway. */
  readonly #scopes: readonly Pace[]
  readonly #gateway: Gateway
  readonly #window: CongestionWindow
  #quickestMs = Number.POSITIVE_INFINITY
  #slowestMs = 0
  #inFlight = 0
  #alarm: AbortController | undefined

  constructor(options: LaneOptions, scopes: readonly Pace[], gateway: Gateway) {
    this.#options = options
    this.#scopes = scopes
    this.#gateway = gateway
    this.#window = new CongestionWindow(options.maxConcurrent)
    gateway.queue(this)
  }

  /** Resolves when it is this call's turn, with the time; `leave` must follow. */
  enter(signal?: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiter), 1)
        reject(outOfTime(RAN_OUT))
        this.pump()
      }
      const waiter: Waiter = {
        start: () => {
          signal?.removeEventListener('abort', onAbort)
          const startedAtMs = this.#options.nowMs()
          this.#inFlight += 1
          this.#gateway.begin(this.#scopes, startedAtMs, this.#spreadMs)
          resolve(startedAtMs)
        },
        refuse: (fault) => {
          signal?.removeEventListener('abort', onAbort)
          reject(fault)
        },
      }
      if (signal?.aborted) return reject(neverBegun())
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(waiter)
      this.pump()
    })
  }

  /** The call is over; `refused` where it was answered 429. */
  leave(startedAtMs: number, refused?: Refused): void {
    this.#inFlight -= 1
    const call = this.#measure(startedAtMs, refused !== undefined)
    if (refused === undefined) {
      this.#gateway.pass(this.#scopes, call)
      this.#window.grow()
    } else if (!this.#gateway.refuse(this.#scopes, call, refused.limit)) this.#window.shrink(call, refused)
    this.#gateway.pump()
  }

  /** The answer took at least the shortest time ever seen to come back, so the gateway counted before that. */
  #measure(startedAtMs: number, isRefused: boolean): Call {
    const endedAtMs = this.#options.nowMs()
    // A refusal costs the gateway less time than an answer, and would make it seem nearer than it is.
    if (!isRefused) {
      this.#quickestMs = Math.min(this.#quickestMs, endedAtMs - startedAtMs)
      this.#slowestMs = Math.max(this.#slowestMs, endedAtMs - startedAtMs)
    }
    return { startedAtMs, countedAtMs: Math.max(startedAtMs, endedAtMs - this.#quickestMs), endedAtMs }
  }

  get #spreadMs(): number {
    return Math.max(0, this.#slowestMs - this.#quickestMs)
  }

  /** Lets go as many as may go now. */
  pump(): void {
    this.#alarm?.abort()
    this.#alarm = undefined
    while (this.#queue.length > 0 && this.#hasRoom()) {
      const turn = Math.max(this.#window.pausedUntilMs, this.#gateway.turnOf(this.#scopes, this.#spreadMs))
      const waitMs = turn - this.#options.nowMs()
      if (waitMs > 0) {
        this.#wakeIn(waitMs)
        return
      }
      this.#gateway.queue(this)
      this.#queue.shift()?.start()
    }
  }

  #hasRoom(): boolean {
    if (!this.#window.hasRoom(this.#inFlight)) return false
    const roundTripMs = Number.isFinite(this.#quickestMs) ? this.#quickestMs : 0
    return this.#scopes.every((scope) => scope.hasRoom(roundTripMs))
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
      () => this.#gateway.pump(),
      () => {},
    )
  }

  #refuseAll(waitMs: number): void {
    const [wait, most] = [describeWait(waitMs), describeWait(this.#options.maxWaitMs)]
    const why = `the next call is allowed in ${wait} only, and none waits longer than ${most} here`
    for (const waiter of this.#queue.splice(0)) waiter.refuse(outOfTime(why, waitMs))
  }
}

const RAN_OUT = 'the time allowed ran out while this call waited for its turn'

/** Up to two minutes in seconds, for a caller may well wait so long. */
function describeWait(ms: number): string {
  return ms <= 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`
}

/** Huawei has nothing to do with it. */
function neverBegun(): Fault {
  const why = 'no time is left for another call'
  return new Fault('upstream_timeout', `Cannot call Huawei: ${why}`, {
    cause: new TransportFailure('ABORTED', why, 'no'),
  })
}

function outOfTime(why: string, retryAfterMs?: number): Fault {
  return new Fault('upstream_throttled', `Cannot call Huawei now: ${why}`, {
    cause: new TransportFailure('ABORTED', why, 'no'),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
