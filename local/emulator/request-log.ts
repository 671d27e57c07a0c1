import type { Outcome, Received } from './front-door.ts'

/** A request that was answered, for tests that look at what a client did. */
export interface LoggedRequest {
  readonly method: string
  readonly path: string
  /** Still encoded, without `?`. */
  readonly query: string
  /** 0 where the connection was cut instead. */
  readonly status: number
  /** Milliseconds since the emulator started, by the monotonic timer: for paces and overlaps, not for dates. */
  readonly atMs: number
}

/** A log that forgets the oldest. */
export interface RequestLog {
  readonly add: (received: Received, outcome: Outcome) => void
  readonly entries: () => readonly LoggedRequest[]
}

const KEPT = 20_000

/** A log of the latest 20,000 requests. */
export function createRequestLog(): RequestLog {
  const startedAt = performance.now()
  let log: LoggedRequest[] = []
  return {
    add: ({ method, path, query }, { reply, damage }) => {
      const status = damage === 'reset' || damage === 'hang' ? 0 : reply.status
      log.push({ method, path, query, status, atMs: performance.now() - startedAt })
      // Twice as many are let in, so that forgetting is rare and cheap.
      if (log.length >= 2 * KEPT) log = log.slice(-KEPT)
    },
    entries: () => log.slice(-KEPT),
  }
}
