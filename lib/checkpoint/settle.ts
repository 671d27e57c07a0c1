import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { type LedgerRecord, readRecord, recordKey, writeRecord } from './record.ts'

/** Others can only be those that looked meanwhile, and each of them moves a record once. */
const MOST_TRIES = 4

/**
 * Writes down what became of an attempt, and resolves to the record that stands then. Nobody knows better than who was
 * answered; but who knows nothing yields to who looked, and a later attempt is left alone.
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
