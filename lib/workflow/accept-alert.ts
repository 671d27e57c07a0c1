import type { Message } from '../alerts/alert.ts'
import type { AlertPolicy } from '../audit/alert-policy.ts'
import { Fault } from '../errors.ts'
import type { Services } from '../runtime/services.ts'
import type { Store } from '../store/store.ts'
import { writeJson } from '../write-json.ts'
import { planWithMemory } from './alert-coverage.ts'
import { type AlertNotePorts, keepNotice, park, setAside, setAsideOther } from './alert-notes.ts'
import { pathOf, writeOrders } from './alert-orders.ts'
import { type AlertPlan, NO_PAST, planAlert } from './alert-plan.ts'
import { type AlertRecord, alertKey, type Received, readAlertRecord, toAlertRecord } from './alert-record.ts'

/** What whoever sent an alert is told. */
export interface AlertReceipt {
  readonly alert_id: string
  /** Where to ask what became of what it started. */
  readonly operations: readonly string[]
}

/**
 * Keeps an authentic alert, and writes what it starts into the inbox. The record comes first and says all that is to follow; each
 * step after it is done once, however often it is taken. Whatever breaks between, the sender hears no success and sends
 * again, and then the rest is done under the same names.
 */
export async function acceptAlert(
  ports: AlertNotePorts & Pick<Services, 'now'>,
  received: Received,
  message: Message,
  policy: Pick<AlertPolicy, 'rules'>,
): Promise<AlertReceipt> {
  const fresh = toAlertRecord(received, await planned(ports, received, message, policy))
  const kept = await standing(ports.store, fresh)
  const { alert_id } = kept
  if (kept.body_sha256 !== fresh.body_sha256) {
    await setAsideOther(ports, fresh)
    return { alert_id, operations: [] }
  }
  // Without a name it is no repetition: it says that its alarms are on, now, under the policy of now.
  const record = kept.delivery_id === null ? fresh : kept
  if (message.oddity !== undefined) await setAside(ports, record, message.oddity)
  if (message.notice !== undefined) await keepNotice(ports, record, message.notice)
  if (record.parked.length > 0) await park(ports, record)
  await writeOrders(ports.store, record)
  return { alert_id, operations: record.orders.map(pathOf) }
}

/** The record under that name: this one, or the one that was there before. */
async function standing(store: Store, fresh: AlertRecord): Promise<AlertRecord> {
  const key = alertKey(fresh.alert_id)
  if (await store.putIfAbsent(key, writeJson(fresh))) return fresh
  const stored = await store.get(key)
  if (stored === undefined) throw new Fault('unavailable', `Cannot find ${key}, which was there a moment ago`)
  return readAlertRecord(key, stored.bytes)
}

function planned(
  { store, now }: Pick<Services, 'store' | 'now'>,
  { source }: Received,
  { alarms, group }: Message,
  policy: Pick<AlertPolicy, 'rules'>,
): AlertPlan | Promise<AlertPlan> {
  const isOn = alarms.some(({ isFiring }) => isFiring)
  if (group === undefined || !isOn) return planAlert(source, alarms, policy, NO_PAST)
  return planWithMemory(store, JSON.stringify([source, group]), now(), (past) =>
    planAlert(source, alarms, policy, past),
  )
}
