import type { Request, Response, Send } from './http.ts'
import { Lane, type LaneOptions, type Road } from './lane.ts'
import { Pace } from './pace.ts'
import { pause } from './pause.ts'
import { rateLimitOf } from './retry-after.ts'

/** How to pace. */
export type ThrottleOptions = Partial<LaneOptions> & Pick<LaneOptions, 'nowMs'>

/**
 * Paces the calls of each API and project by the limit that the gateway's 429 names, so that few more of them follow; and all calls
 * together by a limit that no API alone, but all of them had reached.
 */
export function throttled(send: Send, options: ThrottleOptions): Send {
  const lanes = new Map<string, Lane>()
  const road: Road = { pace: new Pace(), lanes: new Set() }
  const laneOf = (request: Request): Lane => {
    const name = laneNameOf(request)
    const lane =
      lanes.get(name) ??
      new Lane({ sleep: pause, maxConcurrent: 32, maxWaitMs: 10 * 60_000, ...options }, road)
    lanes.set(name, lane)
    return lane
  }
  return async (request, signal) => {
    const lane = laneOf(request)
    const startedAt = await lane.enter(signal)
    let response: Response | undefined
    try {
      response = await send(request, signal)
      return response
    } finally {
      // What broke on the way may have been counted by the gateway, so it is counted here too.
      lane.leave(startedAt, response?.status === 429 ? { limit: rateLimitOf(response) } : undefined)
    }
  }
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** One API is a method and a path whose ids vary; the project, 32 digits without hyphens, stays. */
function laneNameOf({ method, origin, path }: Request): string {
  return `${method} ${origin}${path.replaceAll(UUID, '{id}')}`
}
