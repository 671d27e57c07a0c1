import type { UpstreamAnswer } from '../errors.ts'
import { RETRY_LATER } from './retry-later.ts'

/** "Not now": a backup is running, or the vault is busy. Huawei answers 400, but nothing is wrong with the request. */
const BUSY: ReadonlySet<string> = new Set(['BackupService.6113', 'BackupService.6125'])

/** The gateway speaks of the call itself (an API that it does not know, a signature that does not hold), IAM of our user and its projects. */
const NOT_OF_VALUES = /^(?:APIGW?|IAM)\./

/** The status that a caller deserves whose values Huawei refused; undefined where something else is the cause: our keys, our address, Huawei, or what is in between. */
export function callerStatus({
  httpStatus,
  errorCode = '',
  inOwnWords = false,
}: UpstreamAnswer): 400 | 404 | 409 | undefined {
  if (BUSY.has(errorCode)) return 409
  const isOfIam = errorCode === String(httpStatus)
  if (!inOwnWords || isOfIam || NOT_OF_VALUES.test(errorCode) || RETRY_LATER.has(errorCode)) return undefined
  return httpStatus === 400 || httpStatus === 404 || httpStatus === 409 ? httpStatus : undefined
}
