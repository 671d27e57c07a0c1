import type { UpstreamAnswer } from '../errors.ts'
import { RETRY_LATER } from './retry-later.ts'

/** "Not now": a backup is running, or the vault is busy. Huawei answers 400, but nothing is wrong with the request. */
const BUSY: ReadonlySet<string> = new Set(['BackupService.6113', 'BackupService.6125'])

/** The gateway speaks of the call itself (an API that it does not know, a signature that does not hold), IAM of our user and its projects. */
const NOT_OF_VALUES = /^(?:APIGW?|IAM)\./

/** Whether a refusal is about what a request asks for, and stays as it is: not about our keys or our address, nor a "not now", nor of something in between. */
export function isOfValues({ httpStatus, errorCode = '', inOwnWords = false }: UpstreamAnswer): boolean {
  const isOfIam = errorCode === String(httpStatus)
  return inOwnWords && !isOfIam && !NOT_OF_VALUES.test(errorCode) && !RETRY_LATER.has(errorCode)
}

/** The status that a caller deserves whose values Huawei refused; undefined where something else is the cause. */
export function callerStatus(answer: UpstreamAnswer): 400 | 404 | 409 | undefined {
  const { httpStatus, errorCode = '' } = answer
  if (BUSY.has(errorCode)) return 409
  if (!isOfValues(answer)) return undefined
  return httpStatus === 400 || httpStatus === 404 || httpStatus === 409 ? httpStatus : undefined
}
