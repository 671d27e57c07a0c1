import { setTimeout as wait } from 'node:timers/promises'
import { type S3Failure, s3Failure } from './s3-fault.ts'

const CONFLICT_TRIES = 5

/** Who wrote the object that is there now. */
export type Owner = 'us' | 'others' | 'nobody'

/**
 * Carries a conditional write to a clear end: true where it was done, false where its condition did not hold.
 *
 * The SDK sends again when an answer is lost, and then our own first write can be what the second one meets: so
 * after more than one attempt, of the SDK or of ours, the object is asked who wrote it; and so where the last answer does not say
 * whether the write was done. 409 means that writers collided and none may have won.
 */
export async function settle(
  write: () => Promise<unknown>,
  ownerNow: () => Promise<Owner>,
): Promise<boolean> {
  let mayBeDone = false
  for (let tries = 1; ; tries++) {
    try {
      await write()
      return true
    } catch (error) {
      const failure = s3Failure(error)
      mayBeDone ||= failure?.status === 409 || (failure?.attempts ?? 1) > 1
      if (failure?.status === 412) return mayBeDone && (await ownerNow()) === 'us'
      if (failure?.name === 'NoSuchKey') return false
      if (failure?.name === 'NoSuchUpload') {
        const owner = await ownerNow()
        if (owner !== 'nobody') return owner === 'us'
      }
      if (failure?.status !== 409 || tries === CONFLICT_TRIES) {
        if ((mayBeDone || isOpen(failure)) && (await isOurs(ownerNow))) return true
        throw error
      }
    }
    await wait(25 * 2 ** tries)
  }
}

/** Whether a failure leaves open if the write was done: the answer was lost, or the server was in trouble. */
function isOpen(failure: S3Failure | undefined): boolean {
  return failure !== undefined && (failure.status === undefined || failure.status >= 500)
}

/** Where that cannot be asked either, the failure of the write is what counts. */
async function isOurs(ownerNow: () => Promise<Owner>): Promise<boolean> {
  try {
    return (await ownerNow()) === 'us'
  } catch {
    return false
  }
}
