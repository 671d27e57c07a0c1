import type { OpenOperation } from '../open-operation.ts'
import type { Summary } from './record.ts'

/** What needs a person first, what goes on by itself last. */
const PRESSING: readonly string[] = [
  'held',
  'failed',
  'unknown',
  'unreadable',
  'refused',
  'quarantined',
  'parked',
  'waiting',
  'running',
  'partial',
  'started',
  'joined',
]

const MOST_LISTED = 100

/** What a summary says of the checkpoints that were asked for and are not over, or did not succeed. */
export function summariseOperations(rows: readonly OpenOperation[]): Summary['operations'] {
  const byState: Record<string, number> = {}
  for (const { state } of rows) byState[state] = (byState[state] ?? 0) + 1
  const rank = ({ state }: OpenOperation) => PRESSING.indexOf(state)
  const sorted = rows.toSorted(
    (one, other) => rank(one) - rank(other) || (one.operation < other.operation ? -1 : 1),
  )
  return { total: rows.length, by_state: byState, listed: sorted.slice(0, MOST_LISTED), unreadable: null }
}

/** The same where the ledger could not be read, and why. */
export function unreadableOperations(because: string): Summary['operations'] {
  return { total: 0, by_state: {}, listed: [], unreadable: because }
}
