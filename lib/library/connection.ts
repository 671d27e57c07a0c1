import type { ProjectAddress } from '../huawei/backup-page.ts'
import type { Send } from '../huawei/http.ts'
import type { Instant } from '../time.ts'

/** How the clients of a project reach their services. */
export interface Connection {
  readonly send: Send
  /** Throws a Fault where the region does not have the service. */
  readonly addressOf: (service: 'cbr' | 'dcs') => ProjectAddress
  readonly now: () => Instant
  /** Milliseconds of a clock that never jumps. */
  readonly nowMs: () => number
}

/** What any call may be given. */
export interface CallOptions {
  /** Ends the waiting; a request that was sent may still have been carried out. */
  readonly signal?: AbortSignal
}
