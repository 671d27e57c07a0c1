import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { before, formatTime, hours, type Instant, parseTime } from '../time.ts'
import { claim, isOthers } from './claim.ts'
import { isMadeName, isNamedFor } from './names.ts'
import type { Checkpoint } from './outcome.ts'
import { type LedgerRecord, type RecordIn, readRecord, recordKey, writeRecord } from './record.ts'

/** What a checkpoint of which nothing is known but the attempt can be known by. */
export interface Trace {
  readonly region: string
  readonly projectId: string
  readonly vaultId: string
  readonly from: Instant
  readonly to: Instant | undefined
  readonly isOurs: (backupName: string) => boolean
}

/** What looking needs of the world. */
export interface Lookout {
  readonly store: Store
  readonly now: () => Instant
  /** The ids of the checkpoints that fit; none where the one that is looked for is not to be seen. */
  readonly find: (trace: Trace) => Promise<readonly string[]>
  readonly show: (trace: Trace, checkpointId: string) => Promise<Checkpoint>
  /** Told where looking failed: the record stays as it is. */
  readonly onBlind: (fault: Fault) => void
}

type Doubtful = RecordIn<'INTENT' | 'UNKNOWN'>

/** Clocks of Huawei and ours may differ by that much; beyond 15 min its gateway refuses us. */
const CLOCK_TOLERANCE = hours(0.25)

/** The record of an operation as it stands, undefined where there is none; one whose outcome is not known is looked for first. */
export async function whatBecame(lookout: Lookout, operation: string): Promise<LedgerRecord | undefined> {
  const key = recordKey(operation)
  const stored = await lookout.store.get(key)
  if (stored === undefined) return undefined
  const record = readRecord(key, stored.bytes)
  // An intent may be one whose sender still waits: looking harms nobody, and its answer holds against what is found.
  if (record.state !== 'INTENT' && record.state !== 'UNKNOWN') return record
  const checkpoint = await look(lookout, record)
  if (checkpoint === undefined) return record
  const found = toFound(record, checkpoint, lookout.now())
  // Where another writer was first the next one who asks will see what it wrote; what was found is true all the same.
  await lookout.store.replaceIfUnchanged(key, writeRecord(found), stored.version)
  return found
}

/** One that fits and is nobody else's; of several that are nobody's none can be told to be the one. */
async function look(lookout: Lookout, record: Doubtful): Promise<Checkpoint | undefined> {
  const { store, find, show, onBlind } = lookout
  const trace = traceOf(record)
  try {
    const ids = await find(trace)
    const others = await Promise.all(ids.map((id) => isOthers(store, id, record.operation)))
    const [only, ...rest] = ids.filter((_, index) => !others[index])
    if (only === undefined || rest.length > 0) return undefined
    return (await claim(store, only, record.operation)) ? await show(trace, only) : undefined
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    onBlind(error)
    return undefined
  }
}

function traceOf(record: Doubtful): Trace {
  const { operation, region, project_id: projectId, vault_id: vaultId, name } = record
  const sentAt = instantOf(record.sent_at)
  return {
    region,
    projectId,
    vaultId,
    from: before(sentAt, CLOCK_TOLERANCE),
    // A name that we made is nobody else's; one of the caller's may be that of tomorrow's backup too.
    to: isMadeName(operation, name) ? undefined : ((sentAt + CLOCK_TOLERANCE) as Instant),
    isOurs: (backupName) => isNamedFor(operation, name, backupName),
  }
}

function toFound(record: Doubtful, checkpoint: Checkpoint, now: Instant): LedgerRecord {
  return {
    ...record,
    state: checkpoint.hasSkipped ? 'PARTIAL' : 'STARTED',
    settled_at: formatTime(now),
    checkpoint_id: checkpoint.checkpointId,
    known_by: 'look',
    answer: checkpoint.body,
  }
}

function instantOf(text: string): Instant {
  const instant = parseTime(text)
  if (instant === undefined) throw new Fault('unavailable', `Cannot read the ledger: ${text} is no time`)
  return instant
}
