import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { formatTime, type Instant } from '../time.ts'
import type { Admission } from './admit.ts'
import { claim } from './claim.ts'
import type { Outcome } from './outcome.ts'
import { type LedgerRecord, type RecordIn, readRecord, recordKey, writeRecord } from './record.ts'
import { settle } from './settle.ts'
import { baseOf, fingerprint, type Order, received, toIntent, toResult } from './transitions.ts'

/** What the ledger needs of the world. */
export interface StartPorts {
  readonly store: Store
  readonly now: () => Instant
  /** Starts the checkpoint under this name: one POST, and never another that could double it. */
  readonly start: (name: string) => Promise<Outcome>
  /** Whether a checkpoint may be started now; whoever asks without it always may. Asked again before anything is sent, it says the same. */
  readonly admit?: (record: LedgerRecord) => Promise<Admission>
  /** Told where a result could not be saved: the intent stands, and looking will find what became of it. */
  readonly onUnsaved: (fault: Fault) => void
}

/**
 * Makes one request one checkpoint: whoever comes with the same operation, at the same time or later, gets the one
 * record, and at most one of them sends. What was meant is written before it is sent, and stays whatever happens.
 * Throws `conflict` for another body under the same operation, and the fault of an attempt that provably did nothing.
 */
export async function once(ports: StartPorts, order: Order): Promise<LedgerRecord> {
  const { store, now } = ports
  const key = recordKey(order.operation)
  await store.putIfAbsent(key, writeRecord(received(order, now())))
  for (;;) {
    const stored = await store.get(key)
    if (stored === undefined) throw new Fault('unavailable', `Cannot find ${key}, which was just written`)
    const record = readRecord(key, stored.bytes)
    if (record.request_sha256 !== fingerprint(order)) throw conflict(order.operation)
    if (record.state !== 'RECEIVED' && record.state !== 'PARKED') return record
    const next = await moveOn(ports, record, order.name)
    if (next.state === 'PARKED' && record.state === 'PARKED' && next.not_before === record.not_before)
      return record
    // Of several that come at once exactly one gets past this line; the others read what it did.
    if (await store.replaceIfUnchanged(key, writeRecord(next), stored.version))
      return next.state === 'INTENT' ? carryOut(ports, next) : next
  }
}

async function moveOn(
  { admit, now }: StartPorts,
  record: RecordIn<'RECEIVED' | 'PARKED'>,
  name: string | undefined,
): Promise<RecordIn<'INTENT' | 'JOINED' | 'PARKED'>> {
  const admission = await admit?.(record)
  switch (admission?.kind) {
    case undefined:
    case 'granted':
      return toIntent(record, name, now())
    case 'joined':
      return {
        ...baseOf(record),
        state: 'JOINED',
        joined_to: admission.to,
        settled_at: formatTime(now()),
      }
    case 'parked': {
      const { because, notBefore } = admission
      return { ...baseOf(record), state: 'PARKED', because, not_before: formatTime(notBefore) }
    }
  }
}

async function carryOut(ports: StartPorts, intent: RecordIn<'INTENT'>): Promise<LedgerRecord> {
  const outcome = await ports.start(intent.name)
  const result = toResult(intent, outcome, ports.now())
  const standing = await saved(ports, result)
  if (outcome.kind === 'unsent') throw outcome.fault
  return standing
}

/** Whatever the store does now, the caller must hear what Huawei said. */
async function saved({ store, onUnsaved }: StartPorts, result: LedgerRecord): Promise<LedgerRecord> {
  try {
    if ('checkpoint_id' in result) await claim(store, result.checkpoint_id, result.operation)
    return await settle(store, result)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    onUnsaved(error)
    return result
  }
}

function conflict(operation: string): Fault {
  return new Fault(
    'conflict',
    'Cannot use this Idempotency-Key for another request: it came with another body before. Send the same body again, or another key',
    { mistakes: [{ pointer: '/header/idempotency-key', detail: `belongs to operation ${operation}` }] },
  )
}
