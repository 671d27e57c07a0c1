import type { Store } from '../store/store.ts'

/** Huawei's ids are uuids; what can be no key is nobody's in particular. */
const SAFE = /^[0-9A-Za-z-]{1,64}$/

/**
 * Notes down whose a checkpoint is, and says whether it is this operation's: the first to claim it keeps it. Names that
 * callers give may repeat, so what one operation was answered must not be found as another's.
 */
export async function claim(store: Store, checkpointId: string, operation: string): Promise<boolean> {
  if (!SAFE.test(checkpointId)) return true
  return (
    (await store.putIfAbsent(keyOf(checkpointId), operation)) ||
    !(await isOthers(store, checkpointId, operation))
  )
}

/** Whether another operation has claimed a checkpoint. */
export async function isOthers(store: Store, checkpointId: string, operation: string): Promise<boolean> {
  if (!SAFE.test(checkpointId)) return false
  const owner = await store.get(keyOf(checkpointId))
  return owner !== undefined && owner.bytes.toString('utf8') !== operation
}

function keyOf(checkpointId: string): string {
  return `ledger/checkpoint-owner/${checkpointId}`
}
