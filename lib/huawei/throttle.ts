import type { Response, Send } from './http.ts'
import { rateLimitOf, retryAfterMs } from './retry-after.ts'
import type { Traffic } from './traffic.ts'

/** How to pace. */
export interface ThrottleOptions {
  readonly traffic: Traffic
  /** Milliseconds since 1970: a date in `Retry-After` is compared with it. */
  readonly epochMs: () => number
}

/** Paces calls by the limits that the 429s of the gateway name, so that few more of them follow. */
export function throttled(send: Send, { traffic, epochMs }: ThrottleOptions): Send {
  return async (request, signal) => {
    const lane = traffic(request)
    const startedAtMs = await lane.enter(signal)
    let response: Response | undefined
    try {
      response = await send(request, signal)
      return response
    } finally {
      // What broke on the way may have been counted by the gateway, so it is counted here too.
      lane.leave(startedAtMs, response?.status === 429 ? refusalIn(response, epochMs()) : undefined)
    }
  }
}

function refusalIn(response: Response, nowMs: number) {
  return { limit: rateLimitOf(response), retryAfterMs: retryAfterMs(response, nowMs) }
}
