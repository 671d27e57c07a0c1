import type { Store } from '../store/store.ts'
import { before, formatTime, hours, type Instant } from '../time.ts'
import { type LedgerRecord, storedTime } from './record.ts'

const UNSUCCESSFUL = 'ledger/checkpoint-unsuccessful/'

/** Whoever looks at audits once a week has seen it then. */
const TOLD_FOR = hours(7 * 24)

/** When an operation came to an end that somebody must hear of; undefined where it did not. */
export function unsuccessfulSince(record: LedgerRecord): Instant | undefined {
  switch (record.state) {
    case 'REFUSED':
      return storedTime(record.settled_at)
    case 'FAILED':
      return storedTime(record.ended_at)
    case 'DONE':
      return record.is_partial ? storedTime(record.ended_at) : undefined
    case 'RECEIVED':
    case 'PARKED':
    case 'JOINED':
    case 'INTENT':
    case 'STARTED':
    case 'PARTIAL':
    case 'UNKNOWN':
    case 'HUMAN':
      return undefined
  }
}

/** Whether audits still tell of what came to such an end. */
export function isRecent(since: Instant, now: Instant): boolean {
  return since > before(now, TOLD_FOR)
}

/** Notes an operation for the audits to come. Its name has the day, so that those of long ago need not be read. */
export async function noteUnsuccessful(store: Store, operation: string, since: Instant): Promise<void> {
  await store.putIfAbsent(`${UNSUCCESSFUL}${dayOf(since)}.${operation}`, `${formatTime(since)}\n`)
}

/** The operations that were noted and that audits may still tell of. */
export async function unsuccessfulOperations(store: Store, now: Instant): Promise<readonly string[]> {
  const firstDay = dayOf(before(now, TOLD_FOR))
  const operations: string[] = []
  for await (const name of store.names(UNSUCCESSFUL)) {
    const [day = '', operation = ''] = name.split('.')
    if (day >= firstDay) operations.push(operation)
  }
  return operations
}

function dayOf(instant: Instant): string {
  return formatTime(instant).slice(0, 10)
}
