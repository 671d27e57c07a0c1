import { Fault } from '../errors.ts'
import { bodyOf, refusalOf } from './body.ts'
import type { Request, Response, Send } from './http.ts'
import { pause, type Sleep } from './pause.ts'
import { atLeastAsked, retryAfterMs } from './retry-after.ts'
import { createRetryBudget, type RetryBudget, type Trouble } from './retry-budget.ts'
import { RETRY_LATER } from './retry-later.ts'
import { createRetryPatience, type RetryPatience } from './retry-patience.ts'
import { isGatewayRefusal, transportFailureOf } from './transport-failure.ts'

/** When to ask again, and how often. */
export interface RetryPolicy {
  /** A number in [0, 1), anew each time. */
  readonly random: () => number
  /** Milliseconds since 1970: a date in `Retry-After` is compared with it. */
  readonly nowMs: () => number
  readonly sleep?: Sleep
  readonly maxAttempts?: number
  /** What the calls through this wrapper share; a full one by default. */
  readonly budget?: RetryBudget
  /** While it lasts a throttled call may ask more often than that; there is none by default. */
  readonly patience?: RetryPatience
}

const NO_PATIENCE = createRetryPatience(0, () => 0)
const BASE_MS = 100
const THROTTLE_BASE_MS = 500
const CAP_MS = 20_000

const TRANSIENT_STATUS: readonly number[] = [500, 502, 503, 504]

/** What one attempt came to. */
type Outcome = { readonly response: Response } | { readonly error: unknown }

/**
 * Asks again where that may help and can do no harm: a GET after throttling, a 5xx, a broken connection or a broken
 * body; anything else only if Huawei provably never carried it out. What Huawei, or the network, said last is passed on as it
 * is; once the signal aborts, which ends a wait too, there is no other.
 */
export function retrying(send: Send, policy: RetryPolicy): Send {
  const { maxAttempts = 5, budget = createRetryBudget(), patience = NO_PATIENCE, sleep = pause } = policy
  return async (request, signal) => {
    let lastRetry: Trouble | undefined
    let refusal: Response | undefined
    let last: Outcome | undefined
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attempted(send, request, signal)
      // Whom the throttle lets wait no longer is told what Huawei said, not what the throttle says.
      if (refusal !== undefined && isOutOfTurn(outcome)) return refusal
      if ('response' in outcome && outcome.response.status === 429) refusal = outcome.response
      // Nor what the breaker says of a host that this very call found silent or failing; of a broken connection it says as much, and when to come back.
      if (last !== undefined && isStopped(outcome) && saysMore(last)) return passOn(last)
      last = outcome
      const trouble = troubleOf(request, outcome)
      if (trouble === undefined && isSuccess(outcome)) {
        budget.refund(lastRetry)
        patience.answered()
      }
      const isPatient = trouble === 'throttled' && patience.lasts()
      const mayRepeat = isPatient || attempt < mostAttempts(outcome, maxAttempts)
      if (trouble === undefined || !mayRepeat || signal?.aborted) return passOn(outcome)
      if (!budget.spend(trouble)) return passOn(outcome)
      lastRetry = trouble
      const slept = await sleep(waitBefore(attempt, trouble, outcome, policy), signal).then(
        () => true,
        () => false,
      )
      if (!slept || signal?.aborted) return passOn(outcome)
    }
  }
}

function isOutOfTurn(outcome: Outcome): boolean {
  return 'error' in outcome && outcome.error instanceof Fault && outcome.error.code === 'upstream_throttled'
}

function saysMore(last: Outcome): boolean {
  return 'response' in last || transportFailureOf(last.error)?.timedOut === true
}

function isStopped(outcome: Outcome): boolean {
  return 'error' in outcome && transportFailureOf(outcome.error)?.code === 'CIRCUIT_OPEN'
}

async function attempted(send: Send, request: Request, signal: AbortSignal | undefined): Promise<Outcome> {
  try {
    return { response: await send(request, signal) }
  } catch (error) {
    return { error }
  }
}

function passOn(outcome: Outcome): Response {
  if ('error' in outcome) throw outcome.error
  return outcome.response
}

function isSuccess(outcome: Outcome): boolean {
  return 'response' in outcome && outcome.response.status < 300
}

/** Why this outcome is worth another attempt; undefined where it is not, or where another attempt might do it twice. */
function troubleOf({ method }: Request, outcome: Outcome): Trouble | undefined {
  const harmless = method === 'GET'
  if ('error' in outcome) {
    const failure = transportFailureOf(outcome.error)
    if (!failure?.transient || !(harmless || failure.sent === 'no')) return undefined
    return failure.timedOut ? 'timeout' : 'transient'
  }
  const trouble = troubleIn(outcome.response)
  return harmless || isRefusedAtGateway(outcome.response) ? trouble : undefined
}

function troubleIn(response: Response): Trouble | undefined {
  const { status } = response
  if (status === 429 || RETRY_LATER.has(refusalOf(response).errorCode ?? '')) return 'throttled'
  if (TRANSIENT_STATUS.includes(status)) return 'transient'
  return status < 300 && isCutOff(response) ? 'transient' : undefined
}

/** Whether what was said to be JSON broke on the way, or never came: only a 204 says that there is nothing to come. */
function isCutOff(response: Response): boolean {
  const { kind } = bodyOf(response)
  return kind === 'broken' || (kind === 'empty' && response.status !== 204)
}

/** An answer that moved until its time was over holds us that long each time: a second one is proof enough. */
function mostAttempts(outcome: Outcome, usual: number): number {
  const neverEnded = 'error' in outcome && transportFailureOf(outcome.error)?.code === 'BODY_TIMEOUT'
  return neverEnded ? Math.min(2, usual) : usual
}

function isRefusedAtGateway(response: Response): boolean {
  return isGatewayRefusal(response.status, refusalOf(response).errorCode)
}

/** Full jitter. A throttled call waits its base in any case: the server said that it has had enough. */
function waitBefore(
  attempt: number,
  trouble: Trouble,
  outcome: Outcome,
  { random, nowMs }: RetryPolicy,
): number {
  const growth = 2 ** (attempt - 1)
  const backoffMs =
    trouble === 'throttled'
      ? Math.min(CAP_MS, THROTTLE_BASE_MS + random() * THROTTLE_BASE_MS * growth)
      : random() * Math.min(CAP_MS, BASE_MS * growth)
  const askedMs = 'response' in outcome ? retryAfterMs(outcome.response, nowMs()) : undefined
  return atLeastAsked(backoffMs, askedMs)
}
