import { Fault, type FaultCode, type FaultDetails, type Mistake, type UpstreamAnswer } from './errors.ts'

/** A fault as plain data, good for JSON, for whoever goes on with it in another process. */
export interface KeptFault {
  readonly code: FaultCode
  readonly message: string
  readonly mistakes: readonly Mistake[]
  readonly upstream?: UpstreamAnswer
  readonly retryAfterMs?: number
  /** Only where it is a fault itself; anything else may hold what nobody should keep. */
  readonly cause?: KeptFault
}

/** What can be kept of a fault. */
export function keepFault({ code, message, mistakes, upstream, retryAfterMs, cause }: Fault): KeptFault {
  return {
    code,
    message,
    mistakes,
    ...(upstream !== undefined && { upstream }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(cause instanceof Fault && { cause: keepFault(cause) }),
  }
}

/** The fault that was kept. */
export function faultOf({ code, message, cause, ...rest }: KeptFault): Fault {
  const details: FaultDetails = { ...rest, ...(cause !== undefined && { cause: faultOf(cause) }) }
  return new Fault(code, message, details)
}
