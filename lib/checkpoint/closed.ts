import type { Store } from '../store/store.ts'
import { hours, type Instant } from '../time.ts'
import { leaderOf } from './leader.ts'
import { LEDGER, type LedgerRecord, readStanding, storedTime } from './record.ts'
import { noteUnsuccessful, unsuccessfulSince } from './unsuccessful.ts'

const CLOSED = 'ledger/checkpoint-closed/'

/** What nobody has ended by then is told in audits no longer, and looked for no longer; its record stays. */
const FORGOTTEN_AFTER = hours(30 * 24)
/** Whoever asks over HTTP is told when nothing was sent, and may come again himself for as long as his key is kept. */
const CALLER_AWAITED = hours(90 * 24)

/**
 * Marks an operation of which nothing more is to be expected, so that sweepers need not read its record again, and notes
 * it for audits where it did not succeed. What joined another is over when that one is.
 */
export async function closeIfOver(store: Store, record: LedgerRecord, now: Instant): Promise<void> {
  const { operation, state } = record
  const leader = await leaderOf(record, (one) => readStanding(store, one))
  if (!isOver(leader ?? record, now)) return
  const since = leader && unsuccessfulSince(leader)
  if (since !== undefined) await noteUnsuccessful(store, operation, since)
  await store.putIfAbsent(closedKey(operation), `${state}\n`)
}

/** Whether an operation is marked so. */
export async function isClosed(store: Store, operation: string): Promise<boolean> {
  return (await store.get(closedKey(operation))) !== undefined
}

/** The operations that are not marked so; a record that is over but not marked yet is among them. */
export async function openOperations(store: Store): Promise<readonly string[]> {
  const closed = new Set<string>()
  for await (const name of store.names(CLOSED)) closed.add(name)
  const open: string[] = []
  for await (const file of store.names(LEDGER)) {
    const operation = file.replace(/\.json$/, '')
    if (!closed.has(operation)) open.push(operation)
  }
  return open
}

function closedKey(operation: string): string {
  return `${CLOSED}${operation}`
}

function isOver(record: LedgerRecord, now: Instant): boolean {
  const age = now - storedTime(record.received_at)
  switch (record.state) {
    case 'REFUSED':
    case 'DONE':
    case 'FAILED':
      return true
    case 'RECEIVED':
      return record.origin === undefined && age > CALLER_AWAITED
    // What joined a record that is gone.
    case 'JOINED':
    case 'STARTED':
    case 'PARTIAL':
    case 'HUMAN':
      return age > FORGOTTEN_AFTER
    case 'PARKED':
    case 'INTENT':
    case 'UNKNOWN':
      return false
  }
}
