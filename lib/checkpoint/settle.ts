import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { type LedgerRecord, readRecord, recordKey, writeRecord } from './record.ts'

/** Others can only be those that looked meanwhile, and each of them moves a record once. */
const MOST_TRIES = 4

/**
 * Writes down what became of an attempt, and resolves to the record that stands then. Nobody knows better than who was
 * answered; but who knows nothing yields to who looked and found, and a later attempt is left alone.
 */
export async function settle(store: Store, result: LedgerRecord): Promise<LedgerRecord> {
  const key = recordKey(result.operation)
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await store.get(key)
    if (stored === undefined) throw new Fault('unavailable', `Cannot save ${key}: it is gone`)
    const standing = readRecord(key, stored.bytes)
    if (standing.attempt !== result.attempt || (result.state === 'UNKNOWN' && isFound(standing)))
      return standing
    if (await store.replaceIfUnchanged(key, writeRecord(result), stored.version)) return result
  }
  throw new Fault('unavailable', `Cannot save ${key}: it kept changing`)
}

function isFound({ state }: LedgerRecord): boolean {
  return state === 'STARTED' || state === 'PARTIAL'
}
