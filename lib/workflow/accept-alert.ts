import type { Message, Notice } from '../alerts/alert.ts'
import type { AlertPolicy } from '../audit/alert-policy.ts'
import { Fault } from '../errors.ts'
import type { Services } from '../runtime/services.ts'
import type { Store } from '../store/store.ts'
import { planWithMemory } from './alert-coverage.ts'
import { writeOrder } from './alert-orders.ts'
import { type AlertPlan, planAlert } from './alert-plan.ts'
import {
  type AlertRecord,
  alertKey,
  type Received,
  readAlertRecord,
  toAlertRecord,
  toStored,
} from './alert-record.ts'

const MOST_AT_ONCE = 32

/** What accepting needs of the world. */
export type AlertDesk = Pick<Services, 'store' | 'now' | 'log'>

/** What whoever sent an alert is told. */
export interface AlertReceipt {
  readonly alert_id: string
  /** Where to ask what became of what it started. */
  readonly operations: readonly string[]
}

/**
 * Keeps an authentic alert, and writes what it starts into the inbox. The record is written first and done last: whatever breaks between, the
 * sender hears no success and sends again, and then everything is found or done under the same names.
 */
export async function acceptAlert(
  desk: AlertDesk,
  received: Received,
  message: Message,
  policy: Pick<AlertPolicy, 'rules'>,
): Promise<AlertReceipt> {
  const { store } = desk
  const fresh = toAlertRecord(received)
  const key = alertKey(fresh.alert_id)
  const isSimple = message.alarms.every(({ isFiring }) => !isFiring) && isPlain(message)
  const first: AlertRecord = isSimple ? { ...fresh, state: 'done' } : fresh
  if ((await store.putIfAbsent(key, toStored(first))) && isSimple) return toReceipt(first)
  const stored = await store.get(key)
  if (stored === undefined) throw new Fault('unavailable', `Cannot find ${key}, which was just written`)
  const record = readAlertRecord(key, stored.bytes)
  if (record.body_sha256 !== fresh.body_sha256) return setAsideOther(desk, fresh)
  if (record.state === 'done') return toReceipt(record)
  const operations = await followMessage(desk, record, received, message, policy)
  const done: AlertRecord = { ...record, state: 'done', operations }
  // Where another was first it did the very same.
  await store.replaceIfUnchanged(key, toStored(done), stored.version)
  return toReceipt(done)
}

function isPlain({ notice, oddity }: Message): boolean {
  return notice === undefined && oddity === undefined
}

function toReceipt({ alert_id, operations }: AlertRecord): AlertReceipt {
  return { alert_id, operations }
}

async function followMessage(
  desk: AlertDesk,
  record: AlertRecord,
  received: Received,
  message: Message,
  policy: Pick<AlertPolicy, 'rules'>,
): Promise<string[]> {
  const { store } = desk
  if (message.oddity !== undefined) await setAside(desk, record, message.oddity)
  if (message.notice !== undefined) await keepNotice(desk, record, message.notice)
  const plan = await planned(desk, received, message, policy)
  if (plan.parked.length > 0) await park(desk, record, plan)
  return writeOrders(store, record, plan)
}

/** In batches: a group that grew one by one names as many operations as it has alarms. */
async function writeOrders(store: Store, record: AlertRecord, { orders }: AlertPlan): Promise<string[]> {
  const paths: string[] = []
  for (let from = 0; from < orders.length; from += MOST_AT_ONCE) {
    const batch = orders.slice(from, from + MOST_AT_ONCE)
    paths.push(...(await Promise.all(batch.map((order) => writeOrder(store, record, order)))))
  }
  return paths
}

function planned(
  { store, now }: AlertDesk,
  { source }: Received,
  { alarms, group }: Message,
  policy: Pick<AlertPolicy, 'rules'>,
): AlertPlan | Promise<AlertPlan> {
  if (group === undefined) return planAlert(source, alarms, policy, {})
  return planWithMemory(store, JSON.stringify([source, group]), now(), (past) =>
    planAlert(source, alarms, policy, past),
  )
}

/** Authentic, but not understood: a person must look at it. */
async function setAside({ store, log }: AlertDesk, record: AlertRecord, because: string): Promise<void> {
  const { alert_id, source, received_at } = record
  const note = { schema_version: 1, alert_id, source, received_at, because, record: alertKey(alert_id) }
  if (await store.putIfAbsent(`inbox/quarantine/${alert_id}.json`, toStored(note)))
    log('warn', 'alert quarantined', { alert_id, source, because })
}

/** The same name with another body: the first one stays, and nothing is started for the second. */
async function setAsideOther({ store, log }: AlertDesk, other: AlertRecord): Promise<AlertReceipt> {
  const { alert_id, source, body_sha256 } = other
  const because = 'It came again under the same id with another body'
  const key = `inbox/quarantine/${alert_id}-${body_sha256.slice(0, 16)}.json`
  if (await store.putIfAbsent(key, toStored({ ...other, because })))
    log('warn', 'alert quarantined', { alert_id, source, because })
  return toReceipt(other)
}

/** Nothing is confirmed, and no link followed, by itself: `npm run alert -- --confirmations` shows the links. */
async function keepNotice({ store, log }: AlertDesk, record: AlertRecord, notice: Notice): Promise<void> {
  const { alert_id, source, received_at } = record
  switch (notice.kind) {
    case 'confirmation': {
      const { topic, link = null } = notice
      const note = { schema_version: 1, alert_id, source, received_at, topic, link }
      await store.putIfAbsent(`inbox/confirmation/${alert_id}.json`, toStored(note))
      return log('warn', 'alert subscription waits for a person', { alert_id, source })
    }
    case 'unsubscribed':
      return log('warn', 'alert subscription ended', { alert_id, source })
  }
}

/** On, but for no rule: an alert can never choose a vault by itself. */
async function park({ store, log }: AlertDesk, record: AlertRecord, { parked }: AlertPlan): Promise<void> {
  const { alert_id, source, received_at } = record
  const because = `No rule of the policy fits ${parked.length === 1 ? 'this alarm' : `${parked.length} alarms`}`
  const alarms = parked.map(({ identity, startedAt, name }) => ({ identity, started_at: startedAt, name }))
  const note = {
    schema_version: 1,
    alert_id,
    source,
    received_at,
    because,
    alarms,
    record: alertKey(alert_id),
  }
  if (await store.putIfAbsent(`inbox/parked/${alert_id}.json`, toStored(note)))
    log('warn', 'alert parked', { alert_id, source, because })
}
