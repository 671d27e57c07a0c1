/** Every code of a fault: the contract's HTTP codes, and the one that only a start can meet. */
export const FAULT_CODES = [
  'invalid_request',
  'invalid_configuration',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'upstream_refused',
  'upstream_throttled',
  'upstream_unavailable',
  'upstream_timeout',
  'unavailable',
  'internal',
] as const

/** What went wrong, in one stable word. */
export type FaultCode = (typeof FAULT_CODES)[number]

/** One mistake in what somebody gave us: where (a JSON pointer, a flag, a variable) and what is allowed there. */
export interface Mistake {
  readonly pointer: string
  readonly detail: string
}

/** A mistake for people; one of a whole document, whose pointer is empty, is told without it. */
export function describeMistake({ pointer, detail }: Mistake): string {
  return pointer === '' ? detail : `${pointer} ${detail}`
}

/** What Huawei said when it refused: kept whole, because its request id is what its support asks for. */
export interface UpstreamAnswer {
  readonly httpStatus: number
  readonly errorCode?: string
  readonly errorMsg?: string
  readonly requestId?: string
  /** Whether it has a form that is Huawei's alone: what something in between says proves nothing. */
  readonly inOwnWords?: boolean
}

/** What may go with a fault. */
export interface FaultDetails {
  readonly cause?: unknown
  readonly mistakes?: readonly Mistake[]
  readonly upstream?: UpstreamAnswer
  readonly retryAfterMs?: number
}

/** The one error class: a sentence for people that says what cannot be done, and a code for programs. Never holds a secret. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly mistakes: readonly Mistake[]
  readonly upstream: UpstreamAnswer | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: FaultCode, message: string, details: FaultDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.mistakes = details.mistakes ?? []
    this.upstream = details.upstream
    this.retryAfterMs = details.retryAfterMs
  }
}
