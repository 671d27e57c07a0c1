import { Fault, type FaultCode, type FaultDetails, type Mistake, type UpstreamAnswer } from './errors.ts'

/** A fault as plain data, good for JSON, for whoever goes on with it in another process. */
export interface SerializedFault {
  readonly code: FaultCode
  readonly message: string
  readonly mistakes: readonly Mistake[]
  readonly upstream?: UpstreamAnswer
  readonly retryAfterMs?: number
  /** Only where it is a fault itself; anything else may hold what nobody should keep. */
  readonly cause?: SerializedFault
}

/** What another process needs of a fault. */
export function serializeFault({
  code,
  message,
  mistakes,
  upstream,
  retryAfterMs,
  cause,
}: Fault): SerializedFault {
  return {
    code,
    message,
    mistakes,
    ...(upstream !== undefined && { upstream }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(cause instanceof Fault && { cause: serializeFault(cause) }),
  }
}

/** The fault that was serialized. */
export function deserializeFault({ code, message, cause, ...rest }: SerializedFault): Fault {
  const details: FaultDetails = { ...rest, ...(cause !== undefined && { cause: deserializeFault(cause) }) }
  return new Fault(code, message, details)
}
