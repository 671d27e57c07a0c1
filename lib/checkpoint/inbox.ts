import { CHECKPOINT_INBOX } from '../checkpoint-inbox.ts'
import type { Store } from '../store/store.ts'
import { QUARANTINE } from './quarantine.ts'
import { LEDGER } from './record.ts'

/** Why nothing was done about an order yet, for people. */
export const UNTAKEN = 'It was not taken from the inbox yet'

/** The orders that nobody has taken: there is neither a record nor a word on why there is none. */
export async function untakenOrders(store: Store): Promise<readonly string[]> {
  const taken = new Set<string>()
  for (const folder of [LEDGER, QUARANTINE]) for await (const file of store.names(folder)) taken.add(file)
  const untaken: string[] = []
  for await (const file of store.names(CHECKPOINT_INBOX))
    if (file.endsWith('.json') && !taken.has(file)) untaken.push(file.replace(/\.json$/, ''))
  return untaken
}
