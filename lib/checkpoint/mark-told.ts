import type { Store } from '../store/store.ts'
import { formatTime, type Instant } from '../time.ts'
import { type RecordIn, readRecord, recordKey, writeRecord } from './record.ts'

/** Notes down that somebody was told of a held operation; where the record moved on meanwhile nothing is noted, and nothing lost. */
export async function markTold(store: Store, { operation }: RecordIn<'HUMAN'>, now: Instant): Promise<void> {
  const key = recordKey(operation)
  const stored = await store.get(key)
  const standing = stored && readRecord(key, stored.bytes)
  if (stored === undefined || standing?.state !== 'HUMAN') return
  await store.replaceIfUnchanged(key, writeRecord({ ...standing, told_at: formatTime(now) }), stored.version)
}
