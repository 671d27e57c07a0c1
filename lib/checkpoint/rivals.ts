import { Fault } from '../errors.ts'
import { keyOf } from '../key-of.ts'
import type { Store } from '../store/store.ts'
import { openOperations } from './closed.ts'
import { type LedgerRecord, readStanding } from './record.ts'
import type { Doubtful } from './transitions.ts'

/** Other requests of unknown outcome that may have made a checkpoint of the same name in the same vault; what cannot be read is none. */
export async function rivalsOf(store: Store, record: Doubtful): Promise<readonly Doubtful[]> {
  const rivals: Doubtful[] = []
  for (const operation of await openOperations(store)) {
    const other = operation === record.operation ? undefined : await readable(store, operation)
    if (other !== undefined && isRival(record, other)) rivals.push(other)
  }
  return rivals
}

async function readable(store: Store, operation: string): Promise<LedgerRecord | undefined> {
  try {
    return await readStanding(store, operation)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return undefined
  }
}

function isRival(record: Doubtful, other: LedgerRecord): other is Doubtful {
  return (
    (other.state === 'INTENT' || other.state === 'UNKNOWN' || other.state === 'HUMAN') &&
    other.name === record.name &&
    keyOf(other.vault_id) === keyOf(record.vault_id) &&
    other.project_id === record.project_id &&
    other.region === record.region
  )
}
