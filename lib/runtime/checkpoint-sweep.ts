import { openOperations } from '../checkpoint/closed.ts'
import { untakenOrders } from '../checkpoint/inbox.ts'
import { markTold } from '../checkpoint/mark-told.ts'
import { openQuestion } from '../checkpoint/open-question.ts'
import { reconcile } from '../checkpoint/reconcile.ts'
import { type LedgerRecord, storedTime } from '../checkpoint/record.ts'
import { before, type Duration, hours, type Instant } from '../time.ts'
import { type AlertTerms, carryOut, takeCheckpointOrder } from './checkpoint-inbox.ts'
import { recordedOrder } from './checkpoint-order.ts'
import { type CheckpointServices, reconcilePorts } from './checkpoint-ports.ts'
import { closeOperation } from './close-operation.ts'
import { logFailedOperation } from './take-each.ts'

/** What a sweep did. */
export interface Swept {
  /** Orders that nobody had taken. */
  readonly orders: number
  /** Operations that were not over. */
  readonly operations: number
  readonly failed: number
  /** What there was no time for; the next sweep begins somewhere else. */
  readonly left: number
}

const AT_ONCE = 4
/** After so long without an end somebody must hear of it. */
const ALARM_AFTER: Duration = hours(0.25)
/** What is held for a person is looked for all the same, now and then: it may have been late. */
const HELD_LOOK_EVERY: Duration = hours(1)

/**
 * Takes what others left behind: orders whose arrival nobody heard of, and operations whose process died, whose outcome
 * is not known, whose turn has come, or whose checkpoint is still on its way. One that fails holds up no other.
 */
export async function sweepCheckpoints(
  services: CheckpointServices,
  terms: AlertTerms,
  signal: AbortSignal,
): Promise<Swept> {
  const { store, log, randomHex } = services
  const orders = await untakenOrders(store)
  const operations = await openOperations(store)
  const work = [
    ...orders.map((one) => [one, () => takeCheckpointOrder(services, one, terms, signal)] as const),
    ...operations.map((one) => [one, () => pursue(services, one, terms, signal)] as const),
  ]
  // Where time is short each has its chance to be among the first.
  const start = work.length === 0 ? 0 : Number.parseInt(randomHex(4), 16) % work.length
  const queue = [...work.slice(start), ...work.slice(0, start)]
  let failed = 0
  const serve = async () => {
    while (!signal.aborted) {
      const [operation, act] = queue.shift() ?? []
      if (operation === undefined || act === undefined) return
      try {
        await act()
      } catch (error) {
        failed += 1
        logFailedOperation(log, operation, error)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, serve))
  return { orders: orders.length, operations: operations.length, failed, left: queue.length }
}

async function pursue(
  services: CheckpointServices,
  operation: string,
  terms: AlertTerms,
  signal: AbortSignal,
): Promise<void> {
  const { now, log } = services
  const note = (fields: object) => log('warn', 'operation not followed', { operation, ...fields })
  const ports = { ...reconcilePorts(services, { signal, note }), settling: terms.settling }
  const record = await reconcile(ports, operation, (held) => isDue(held, now()))
  if (record === undefined) return
  await tell(services, record)
  await closeOperation(services, record)
  if (mayGoOn(record)) await carryOut(services, recordedOrder(record), terms, signal, record)
}

function isDue(record: LedgerRecord, now: Instant): boolean {
  if (record.state !== 'HUMAN' || record.looked_at === undefined) return true
  return storedTime(record.looked_at) <= before(now, HELD_LOOK_EVERY)
}

/**
 * Callers over HTTP were told that nothing was sent, and may have turned to something else. The turn of what is parked may
 * come sooner than it was told, where what it waits for was refused.
 */
function mayGoOn({ origin, state }: LedgerRecord): boolean {
  return origin !== undefined && (state === 'RECEIVED' || state === 'PARKED')
}

/** The lines that alarms wait for; one that was lost with its process is written again by the next sweep. */
async function tell({ store, now, log }: CheckpointServices, record: LedgerRecord): Promise<void> {
  const { operation, state, region, project_id } = record
  const fields = { operation, state, target: `${region}:${project_id}` }
  const isOld = (time: string) => storedTime(time) <= before(now(), ALARM_AFTER)
  if (state === 'HUMAN' && record.told_at === undefined) {
    log('error', 'operation held', { ...fields, because: record.because })
    await markTold(store, record, now())
  }
  const because = state === 'UNKNOWN' ? record.because : openQuestion(record)
  if (because !== undefined && 'sent_at' in record && isOld(record.sent_at))
    log('error', 'operation unknown', { ...fields, because })
  if (state === 'RECEIVED' && record.origin !== undefined && isOld(record.received_at))
    log('error', 'operation waiting', {
      ...fields,
      ...(record.last_failure === null ? {} : { because: record.last_failure }),
    })
}
