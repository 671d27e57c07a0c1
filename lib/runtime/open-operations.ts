import { openOperations } from '../checkpoint/closed.ts'
import { describeOperation } from '../checkpoint/describe-operation.ts'
import { UNTAKEN, untakenOrders } from '../checkpoint/inbox.ts'
import { leaderOf } from '../checkpoint/leader.ts'
import { NOTHING_SAID, orderFacts } from '../checkpoint/order-facts.ts'
import { quarantinedOrders, readQuarantine } from '../checkpoint/quarantine.ts'
import { type LedgerRecord, readStanding } from '../checkpoint/record.ts'
import { isRecent, unsuccessfulOperations, unsuccessfulSince } from '../checkpoint/unsuccessful.ts'
import { Fault } from '../errors.ts'
import type { OpenOperation } from '../open-operation.ts'
import type { Store } from '../store/store.ts'
import { before, type Duration, hours, type Instant } from '../time.ts'

const AT_ONCE = 16
/** An order that can never be followed would be told for ever. */
const QUARANTINE_TOLD_FOR: Duration = hours(30 * 24)

const LEFT_OUT = 'Huawei left out resources; the backups of the others have ended'

/**
 * Every checkpoint of a store that somebody asked for and that is not over: what waits, runs, is unknown, held, parked or
 * quarantined; and for a week what failed, was refused, or left out resources. What joined one of these is told with it.
 */
export async function listOpenOperations(store: Store, now: Instant): Promise<readonly OpenOperation[]> {
  const recorded = new Set([...(await openOperations(store)), ...(await unsuccessfulOperations(store, now))])
  const readers = [
    ...[...recorded].map((one) => () => readOpen(store, one, now)),
    ...(await untakenOrders(store)).map((one) => () => readUntaken(store, one)),
    ...(await quarantinedOrders(store)).map((one) => () => readQuarantined(store, one, now)),
  ]
  const found: OpenOperation[] = []
  const queue = readers.values()
  const work = async () => {
    for (const read of queue) {
      const one = await read()
      if (one !== undefined) found.push(one)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

async function readOpen(store: Store, operation: string, now: Instant): Promise<OpenOperation | undefined> {
  try {
    const record = await readStanding(store, operation)
    if (record === undefined) return undefined
    const leader = await leaderOf(record, (one) => readStanding(store, one))
    return isTold(record, leader ?? record, now) ? rowOf(record, leader, now) : undefined
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { operation, state: 'unreadable', ...NOTHING_SAID, because: error.message }
  }
}

function isTold(record: LedgerRecord, leader: LedgerRecord, now: Instant): boolean {
  const since = unsuccessfulSince(leader)
  if (since !== undefined) return isRecent(since, now)
  // Of what was not sent for a caller he was told, and he may have turned to something else.
  return leader.state !== 'DONE' && !(leader.state === 'RECEIVED' && record.origin === undefined)
}

function rowOf(record: LedgerRecord, leader: LedgerRecord | undefined, now: Instant): OpenOperation {
  const described = describeOperation(record, now, leader)
  const { operation, region, project_id, vault_id, alert_id, received_at } = described
  const facts = { operation, region, project_id, vault_id, alert_id, received_at }
  const { state, because, joined_to, joined_state } = described
  if (record.state === 'DONE') return { ...facts, state: 'partial', because: LEFT_OUT }
  if (record.state !== 'JOINED') return { ...facts, state, because }
  const fate = joined_state === null ? 'lost' : leader?.state === 'DONE' ? 'partial' : joined_state
  return { ...facts, state, because: `${joined_to} is ${fate}${because === null ? '' : `: ${because}`}` }
}

async function readUntaken(store: Store, operation: string): Promise<OpenOperation | undefined> {
  const facts = await orderFacts(store, operation)
  return facts && { operation, state: 'waiting', ...facts, because: UNTAKEN }
}

async function readQuarantined(
  store: Store,
  operation: string,
  now: Instant,
): Promise<OpenOperation | undefined> {
  const { because = null, since } = (await readQuarantine(store, operation)) ?? {}
  if (since !== undefined && since <= before(now, QUARANTINE_TOLD_FOR)) return undefined
  const facts = (await orderFacts(store, operation)) ?? NOTHING_SAID
  return { operation, state: 'quarantined', ...facts, because }
}
