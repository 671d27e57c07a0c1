import type { UpstreamAnswer } from '../errors.ts'

/** "Not now": a backup is running, or the vault is busy. Huawei answers 400, but nothing is wrong with the request. */
const BUSY: ReadonlySet<string> = new Set(['BackupService.6113', 'BackupService.6125'])

/** The status that a caller deserves whose values Huawei refused; undefined where something else is the cause: our keys, our address, Huawei. */
export function callerStatus({ httpStatus, errorCode = '' }: UpstreamAnswer): 400 | 404 | 409 | undefined {
  if (BUSY.has(errorCode)) return 409
  // The gateway speaks of the call itself: an API that it does not know, a signature that does not hold.
  if (/^APIGW?\./.test(errorCode)) return undefined
  return httpStatus === 400 || httpStatus === 404 || httpStatus === 409 ? httpStatus : undefined
}
