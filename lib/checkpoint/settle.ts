import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { type LedgerRecord, readRecord, recordKey, writeRecord } from './record.ts'

/** Only processes that looked for the checkpoint meanwhile write the same record, each of them once. */
const MOST_TRIES = 4

/**
 * Writes down what became of an attempt, and resolves to the record that stands then. What Huawei answered counts unless the
 * checkpoint has ended by now; that nothing was heard counts only where nobody has found out more. A later attempt is left alone.
 */
export async function settle(store: Store, result: LedgerRecord): Promise<LedgerRecord> {
  const key = recordKey(result.operation)
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await store.get(key)
    if (stored === undefined) throw new Fault('unavailable', `Cannot save ${key}: it is gone`)
    const standing = readRecord(key, stored.bytes)
    if (standing.attempt !== result.attempt || !isNews(result, standing)) return standing
    if (await store.replaceIfUnchanged(key, writeRecord(result), stored.version)) return result
  }
  throw new Fault('unavailable', `Cannot save ${key}: it kept changing`)
}

function isNews(result: LedgerRecord, standing: LedgerRecord): boolean {
  if (result.state === 'UNKNOWN') return standing.state === 'INTENT'
  const isExisting = result.state === 'STARTED' || result.state === 'PARTIAL'
  return !(isExisting && (standing.state === 'DONE' || standing.state === 'FAILED'))
}
