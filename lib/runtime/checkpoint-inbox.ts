import { isDeepStrictEqual } from 'node:util'
import { admit, type Limits } from '../checkpoint/admit.ts'
import { isOperation } from '../checkpoint/names.ts'
import { once } from '../checkpoint/once.ts'
import { putInQuarantine, readQuarantine } from '../checkpoint/quarantine.ts'
import type { LedgerRecord } from '../checkpoint/record.ts'
import type { Settling } from '../checkpoint/settle-doubt.ts'
import { orderKey } from '../checkpoint-inbox.ts'
import { describeMistake, Fault, type FaultCode } from '../errors.ts'
import { type CheckpointOrder, readCheckpointOrder } from './checkpoint-order.ts'
import { type CheckpointCourse, type CheckpointServices, startPorts } from './checkpoint-ports.ts'
import { closeOperation } from './close-operation.ts'
import type { LogFields } from './log.ts'
import { choosePlace } from './place.ts'

/** What the policy says of checkpoints that alerts ask for. */
export interface AlertTerms {
  readonly limits: Limits
  readonly settling: Settling
}

/** What became of one order of the inbox. */
export type TakenOrder = { readonly operation: string } & (
  | { readonly outcome: 'taken'; readonly state: LedgerRecord['state'] }
  | { readonly outcome: 'quarantined'; readonly because: string }
  | { readonly outcome: 'quarantined before' }
)

/**
 * Carries out an order of the inbox, once. One that can never be followed is quarantined: it stays where it is, and the
 * ledger says why. Where the world is in the way this throws, and the order can be taken again.
 */
export async function takeCheckpointOrder(
  services: CheckpointServices,
  operation: string,
  terms: AlertTerms,
  signal: AbortSignal,
): Promise<TakenOrder> {
  const { store } = services
  if ((await readQuarantine(store, operation)) !== undefined)
    return { operation, outcome: 'quarantined before' }
  try {
    const order = await readOrder(services, operation, signal)
    const record = await carryOut(services, order, terms, signal)
    return { operation, outcome: 'taken', state: record.state }
  } catch (error) {
    if (!isFinal(error)) throw error
    return quarantine(services, operation, error)
  }
}

/** Moves an order of an alert on as far as it goes: it is started, joins another, or waits for its turn, which is told unless it did `before`. */
export async function carryOut(
  services: CheckpointServices,
  { order, body }: CheckpointOrder,
  { limits }: AlertTerms,
  signal: AbortSignal,
  before?: LedgerRecord,
): Promise<LedgerRecord> {
  const { store, now, log } = services
  const { operation, region, projectId } = order
  const target = `${region}:${projectId}`
  const note = (fields: Partial<LogFields>) => log('warn', 'operation not saved', { operation, ...fields })
  const course: CheckpointCourse = { signal, note }
  const ports = startPorts(services, { region, projectId }, body, course)
  const record = await once({ ...ports, admit: (standing) => admit(store, limits, standing, now()) }, order)
  await closeOperation(services, record)
  if (isDeepStrictEqual(record, before)) return record
  const { state } = record
  const level = state === 'PARKED' || state === 'UNKNOWN' || state === 'REFUSED' ? 'warn' : 'info'
  const message = state === 'PARKED' ? 'operation parked' : 'operation taken'
  log(level, message, { operation, target, state, ...(order.origin && { alert_id: order.origin.alert_id }) })
  return record
}

async function readOrder(
  services: CheckpointServices,
  operation: string,
  signal: AbortSignal,
): Promise<CheckpointOrder> {
  const { store } = services
  const stored = await store.get(orderKey(operation))
  if (stored === undefined)
    throw new Fault('invalid_request', `Cannot find ${store.locate(orderKey(operation))}`)
  if (!isOperation(operation))
    throw new Fault('invalid_request', 'Cannot follow this order: its key names no operation')
  const read = readCheckpointOrder(stored.bytes, operation)
  const { region, projectId } = read.order
  await choosePlace(services, { region, projectId }, signal)
  return read
}

/** `conflict`: the operation was asked for before, by another order. */
const FINAL: readonly FaultCode[] = ['invalid_request', 'forbidden', 'conflict']

function isFinal(error: unknown): error is Fault {
  return error instanceof Fault && FINAL.includes(error.code)
}

async function quarantine(
  { store, now, log }: CheckpointServices,
  operation: string,
  { code, message, mistakes }: Fault,
): Promise<TakenOrder> {
  const because = [message, ...mistakes.map(describeMistake)].join('; ')
  const isNew = await putInQuarantine(store, operation, because, now())
  const pointers = mistakes.map(({ pointer }) => pointer)
  if (isNew) log('error', 'operation quarantined', { operation, code, because: message, mistakes: pointers })
  return { operation, outcome: 'quarantined', because }
}
