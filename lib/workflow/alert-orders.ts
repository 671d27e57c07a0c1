import { orderKey } from '../checkpoint-inbox.ts'
import { parseTime } from '../parse-time.ts'
import { createAuditId } from '../report/audit-id.ts'
import type { Store } from '../store/store.ts'
import { writeJson } from '../write-json.ts'
import type { AlertOrder, AlertRecord } from './alert-record.ts'
import { inboxKey } from './audit-fate.ts'

const MOST_AT_ONCE = 32

/** Writes what an alert starts into the inbox, where its arrival starts the work. What lies there already stays as it is. */
export async function writeOrders(store: Store, alert: AlertRecord): Promise<void> {
  const { orders } = alert
  // A group that grew one by one names as many operations as it has alarms.
  for (let from = 0; from < orders.length; from += MOST_AT_ONCE)
    await Promise.all(orders.slice(from, from + MOST_AT_ONCE).map((order) => writeOrder(store, alert, order)))
}

/** Where to ask what became of an order. */
export function pathOf({ kind, operation }: AlertOrder): string {
  switch (kind) {
    case 'checkpoint':
      return `/checkpoints/${operation}`
    case 'audit':
      return `/audits/${operation}`
  }
}

/** Whether an order of this name lies in the inbox, of whichever kind. */
export async function isOrdered(store: Store, operation: string): Promise<boolean> {
  const keys = [orderKey(operation), inboxKey(operation)]
  return (await Promise.all(keys.map((key) => store.get(key)))).some((stored) => stored !== undefined)
}

function writeOrder(store: Store, alert: AlertRecord, order: AlertOrder): Promise<boolean> {
  switch (order.kind) {
    case 'checkpoint':
      return store.putIfAbsent(orderKey(order.operation), writeJson(toCheckpointOrder(alert, order)))
    case 'audit':
      return store.putIfAbsent(inboxKey(order.operation), writeJson(toAuditOrder(alert, order)))
  }
}

function toCheckpointOrder(
  { alert_id, source, received_at }: AlertRecord,
  { operation, request, because }: AlertOrder,
) {
  return { schema_version: 1, operation, alert_id, source, received_at, request, because }
}

/** The name of the report sorts by the time at which the alert was received. Where an alert without a name of its own comes again, the order that lies there keeps the first. */
function toAuditOrder({ alert_id, received_at }: AlertRecord, { operation, request }: AlertOrder) {
  const receivedAt = parseTime(received_at)
  const audit_id = receivedAt && createAuditId(receivedAt, operation.slice(0, 8))
  return { operation, audit_id, requested_at: received_at, request, alert_id }
}
