import { Fault, type FaultCode } from '../errors.ts'
import { callerStatus } from '../huawei/caller-status.ts'
import { transportFailureOf } from '../huawei/transport-failure.ts'

/** An error as we answer it: RFC 9457, with the contract's own members. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: Exclude<FaultCode, 'invalid_configuration'>
  readonly request_id: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
  /** What Huawei said, where it answered. */
  readonly error_code?: string
  readonly error_msg?: string
  readonly huawei_request_id?: string
}

/** Status and title of every code; the status of `upstream_refused` is Huawei's own where the caller is the cause. */
export const PROBLEMS = {
  invalid_request: [400, 'The request is not valid'],
  unauthorized: [401, 'The caller is not known'],
  forbidden: [403, 'The caller may not do that here'],
  not_found: [404, 'There is no such thing'],
  conflict: [409, 'The request contradicts an earlier one'],
  upstream_refused: [502, 'Huawei Cloud refused'],
  upstream_throttled: [503, 'Huawei Cloud allows no more calls just now'],
  upstream_unavailable: [503, 'Huawei Cloud cannot be reached or understood'],
  upstream_timeout: [504, 'Huawei Cloud did not answer in time'],
  unavailable: [503, 'A store or secret of ours cannot be reached'],
  internal: [500, 'A defect of ours'],
} as const satisfies Record<Problem['code'], readonly [number, string]>

/** The problem that an error means to the caller; of a defect it tells nothing but that it is one. */
export function toProblem(error: unknown, requestId: string): Problem {
  const fault = error instanceof Fault && error.code !== 'invalid_configuration' ? error : undefined
  const code = fault === undefined || fault.code === 'invalid_configuration' ? 'internal' : fault.code
  const [usual, title] = PROBLEMS[code]
  const upstream = fault?.upstream
  // A login that was refused is no matter of the caller's.
  const isAnswered = code === 'upstream_refused' && transportFailureOf(fault) === undefined
  const status = isAnswered && upstream !== undefined ? callerStatus(upstream) : undefined
  return {
    type: `urn:huawei-backup-audit:problem:${code}`,
    title,
    status: status ?? usual,
    detail:
      fault?.message ?? 'Cannot answer this request; the log of the function says more under its request id',
    code,
    request_id: requestId,
    ...(fault === undefined || fault.mistakes.length === 0 ? {} : { errors: fault.mistakes }),
    ...(upstream?.errorCode === undefined ? {} : { error_code: upstream.errorCode }),
    ...(upstream?.errorMsg === undefined ? {} : { error_msg: upstream.errorMsg }),
    ...(upstream?.requestId === undefined ? {} : { huawei_request_id: upstream.requestId }),
  }
}

/** `Retry-After` in whole seconds, where it is known when another try makes sense. */
export function retryAfterOf(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Fault) || error.retryAfterMs === undefined) return {}
  return { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))) }
}
