import { CHECKPOINT_INBOX } from '../checkpoint-inbox.ts'
import type { Store } from '../store/store.ts'
import { LEDGER } from './record.ts'

const QUARANTINE = 'ledger/checkpoint-quarantine/'

/** Where it stands why an order is not followed. */
export function quarantineKey(operation: string): string {
  return `${QUARANTINE}${operation}.json`
}

/** The orders that nobody has taken: there is neither a record nor a word on why there is none. */
export async function untakenOrders(store: Store): Promise<readonly string[]> {
  const taken = new Set<string>()
  for (const folder of [LEDGER, QUARANTINE]) for await (const file of store.names(folder)) taken.add(file)
  const untaken: string[] = []
  for await (const file of store.names(CHECKPOINT_INBOX))
    if (file.endsWith('.json') && !taken.has(file)) untaken.push(file.replace(/\.json$/, ''))
  return untaken
}

/** The orders that are not followed. */
export async function quarantinedOrders(store: Store): Promise<readonly string[]> {
  const names: string[] = []
  for await (const file of store.names(QUARANTINE)) names.push(file.replace(/\.json$/, ''))
  return names
}
