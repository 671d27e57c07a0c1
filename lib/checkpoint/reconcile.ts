import { Fault } from '../errors.ts'
import type { Instant } from '../time.ts'
import { type CheckpointSight, follow } from './follow.ts'
import { type FindPorts, look } from './look.ts'
import {
  type LedgerRecord,
  type RecordIn,
  readRecord,
  readStanding,
  recordKey,
  writeRecord,
} from './record.ts'
import { type Settling, settleDoubt } from './settle-doubt.ts'

/** What following an operation needs of the world. */
export interface ReconcilePorts extends FindPorts {
  readonly now: () => Instant
  /** What is to be seen of a checkpoint that exists. */
  readonly watch: (record: RecordIn<'STARTED' | 'PARTIAL'>) => Promise<CheckpointSight>
  /** Told where looking failed: the record stays as it is. */
  readonly onBlind: (fault: Fault) => void
  /** When to give up looking; without it nothing is ever given up here. */
  readonly settling?: Settling
}

/**
 * The record of an operation as it stands, undefined where there is none. One whose outcome is not known is looked for
 * first, one that was started is followed, and what is seen is written down; one that is not due is left as it is.
 */
export async function reconcile(
  ports: ReconcilePorts,
  operation: string,
  isDue: (record: LedgerRecord) => boolean = () => true,
): Promise<LedgerRecord | undefined> {
  const key = recordKey(operation)
  const stored = await ports.store.get(key)
  if (stored === undefined) return undefined
  const record = readRecord(key, stored.bytes)
  if (!isDue(record)) return record
  const next = await moved(ports, record)
  const content = writeRecord(next)
  if (content === writeRecord(record)) return record
  if (await ports.store.replaceIfUnchanged(key, content, stored.version)) return next
  // Whoever was faster knows as much: its sender, or somebody else who looked.
  return readStanding(ports.store, operation)
}

async function moved(ports: ReconcilePorts, record: LedgerRecord): Promise<LedgerRecord> {
  switch (record.state) {
    // An intent may be one whose sender still waits: looking harms nobody, and its answer holds against what is found.
    case 'INTENT':
    case 'UNKNOWN':
    case 'HUMAN': {
      const sighting = await look(ports, record)
      if (sighting.kind === 'blind') ports.onBlind(sighting.fault)
      return settleDoubt(record, sighting, ports.now(), ports.settling)
    }
    case 'STARTED':
    case 'PARTIAL':
      return followed(ports, record)
    case 'RECEIVED':
    case 'PARKED':
    case 'JOINED':
    case 'REFUSED':
    case 'DONE':
    case 'FAILED':
      return record
  }
}

async function followed(
  { watch, now, onBlind }: ReconcilePorts,
  record: RecordIn<'STARTED' | 'PARTIAL'>,
): Promise<LedgerRecord> {
  try {
    return follow(record, await watch(record), now())
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    onBlind(error)
    return record
  }
}
