import { toUpstreamAnswer } from './body.ts'
import { clockSkewOf, signedAt } from './clock-skew.ts'
import type { CloudClock } from './cloud-clock.ts'
import type { Request, Response, Send } from './http.ts'
import { isRefusal } from './transport-failure.ts'

/** What proving who we are may need. */
export interface Circumstances {
  /** For calls of its own, to IAM. */
  readonly send: Send
  readonly signal: AbortSignal | undefined
  /** What was sent before and refused with 401; absent at the first attempt. */
  readonly refused?: { readonly request: Request; readonly response: Response }
}

/**
 * Makes a request one that Huawei believes. After a refusal it may learn from it (renew a token, correct the clock) and
 * try once more, or resolve to undefined where another attempt would be refused as well. A request that carries
 * `x-project-id` is one within that project; one without it is a matter of the whole account.
 */
export type Authorize = (request: Request, circumstances: Circumstances) => Promise<Request | undefined>

/** Sends every request in the name of somebody; after a 401 at most one more time. The clock hears of each host that agrees with the time of a signature. */
export function authorizing(
  send: Send,
  authorize: Authorize,
  { agree }: Pick<CloudClock, 'agree'> = {},
): Send {
  return async (request, signal) => {
    const first = (await authorize(request, { send, signal })) ?? request
    const response = await send(first, signal)
    // A 429 or a 503 may come from whoever did not look at the signature.
    const time = response.status < 300 ? signedAt(first) : undefined
    if (time !== undefined) agree?.(first.origin, time)
    if (response.status !== 401 || mayBeDone(first, response)) return response
    const second = await authorize(request, { send, signal, refused: { request: first, response } })
    if (second === undefined) return response
    const again = await send(second, signal)
    // Who refuses the corrected time too is told of with the time that was signed at first.
    const isRefusedTwice = [response, again].every((one) => clockSkewOf(one) !== undefined)
    return isRefusedTwice ? response : again
  }
}

/** A 401 of something in between does not prove that Huawei did nothing, so what is no GET must not be sent again. */
function mayBeDone({ method }: Request, response: Response): boolean {
  return method !== 'GET' && !isRefusal(toUpstreamAnswer(response))
}
