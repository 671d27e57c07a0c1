import { sha256 } from '../digest.ts'
import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { formatTime, type Instant, parseTime } from '../time.ts'
import { claim } from './claim.ts'
import { nameCheckpoint } from './names.ts'
import type { Outcome } from './outcome.ts'
import {
  type LedgerRecord,
  RECORD_VERSION,
  type RecordIn,
  readRecord,
  recordKey,
  writeRecord,
} from './record.ts'
import { settle } from './settle.ts'

/** One request for a checkpoint, checked. */
export interface Order {
  readonly operation: string
  readonly region: string
  readonly projectId: string
  readonly vaultId: string
  /** The name that the caller wants; one is made where there is none. */
  readonly name: string | undefined
  readonly body: Readonly<Record<string, unknown>>
}

/** What the ledger needs of the world. */
export interface Desk {
  readonly store: Store
  readonly now: () => Instant
  /** Starts the checkpoint under this name: one POST, and never another that could double it. */
  readonly start: (name: string) => Promise<Outcome>
  /** Told where a result could not be saved: the intent stands, and looking will find what became of it. */
  readonly onUnsaved: (fault: Fault) => void
}

/**
 * Makes one request one checkpoint: whoever comes with the same operation, at the same time or later, gets the one
 * record, and at most one of them sends. What was meant is written before it is sent, and stays whatever happens.
 * Throws `conflict` for another body under the same operation, and the fault of an attempt that provably did nothing.
 */
export async function once(desk: Desk, order: Order): Promise<LedgerRecord> {
  const { store, now } = desk
  const key = recordKey(order.operation)
  await store.putIfAbsent(key, writeRecord(received(order, now())))
  for (;;) {
    const stored = await store.get(key)
    if (stored === undefined) throw new Fault('unavailable', `Cannot find ${key}, which was just written`)
    const record = readRecord(key, stored.bytes)
    if (record.request_sha256 !== fingerprint(order)) throw conflict(order.operation)
    if (record.state !== 'RECEIVED') return record
    const intent = toIntent(record, order.name, now())
    // Of several that come at once exactly one gets past this line; the others read what it did.
    if (await store.replaceIfUnchanged(key, writeRecord(intent), stored.version))
      return carryOut(desk, intent)
  }
}

async function carryOut(desk: Desk, intent: RecordIn<'INTENT'>): Promise<LedgerRecord> {
  const outcome = await desk.start(intent.name)
  const result = toResult(intent, outcome, desk.now())
  const standing = await saved(desk, result)
  if (outcome.kind === 'unsent') throw outcome.fault
  return standing
}

/** Whatever the store does now, the caller must hear what Huawei said. */
async function saved({ store, onUnsaved }: Desk, result: LedgerRecord): Promise<LedgerRecord> {
  try {
    if ('checkpoint_id' in result) await claim(store, result.checkpoint_id, result.operation)
    return await settle(store, result)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    onUnsaved(error)
    return result
  }
}

function received(order: Order, now: Instant): LedgerRecord {
  return {
    schema_version: RECORD_VERSION,
    operation: order.operation,
    state: 'RECEIVED',
    region: order.region,
    project_id: order.projectId,
    vault_id: order.vaultId,
    request: order.body,
    request_sha256: fingerprint(order),
    received_at: formatTime(now),
    attempt: 0,
    last_failure: null,
  }
}

function toIntent(
  { last_failure: _, ...record }: RecordIn<'RECEIVED'>,
  name: string | undefined,
  now: Instant,
): RecordIn<'INTENT'> {
  const attempt = record.attempt + 1
  const made = nameCheckpoint(record.operation, parseTime(record.received_at) ?? now, attempt)
  return { ...record, state: 'INTENT', attempt, name: name ?? made, sent_at: formatTime(now) }
}

function toResult(intent: RecordIn<'INTENT'>, outcome: Outcome, now: Instant): LedgerRecord {
  const settled = { ...intent, settled_at: formatTime(now) }
  switch (outcome.kind) {
    case 'accepted': {
      const { checkpointId, hasSkipped, body } = outcome.checkpoint
      const state = hasSkipped ? 'PARTIAL' : 'STARTED'
      return { ...settled, state, checkpoint_id: checkpointId, known_by: 'answer', answer: body }
    }
    case 'refused':
      return { ...settled, state: 'REFUSED', ...describeRefusal(outcome.fault) }
    case 'unsent': {
      const { name: _, sent_at: __, ...rest } = intent
      return { ...rest, state: 'RECEIVED', last_failure: outcome.fault.message }
    }
    case 'doubtful':
      return { ...settled, state: 'UNKNOWN', because: outcome.because }
  }
}

function describeRefusal({ message, upstream }: Fault) {
  return {
    detail: message,
    upstream: {
      http_status: upstream?.httpStatus ?? 0,
      error_code: upstream?.errorCode ?? null,
      error_msg: upstream?.errorMsg ?? null,
      request_id: upstream?.requestId ?? null,
    },
  }
}

/** The schema gave the body its order of keys, so blanks and order of the caller's JSON do not count. */
function fingerprint({ body }: Order): string {
  return sha256(JSON.stringify(body))
}

function conflict(operation: string): Fault {
  return new Fault(
    'conflict',
    'Cannot use this Idempotency-Key for another request: it came with another body before. Send the same body again, or another key',
    { mistakes: [{ pointer: '/header/idempotency-key', detail: `belongs to operation ${operation}` }] },
  )
}
