import { createAuditId } from '../report/audit-id.ts'
import type { Store } from '../store/store.ts'
import { parseTime } from '../time.ts'
import type { PlannedOrder } from './alert-plan.ts'
import { type AlertRecord, toStored } from './alert-record.ts'
import { inboxKey } from './audit-fate.ts'

const LONGEST_NAME = 120

/** Writes an order into the inbox, where its arrival starts the work; an order that lies there stays as it is. Returns the path to ask about it. */
export async function writeOrder(store: Store, alert: AlertRecord, order: PlannedOrder): Promise<string> {
  const { operation, action } = order
  switch (action.kind) {
    case 'checkpoint': {
      const document = toCheckpointOrder(alert, order)
      await store.putIfAbsent(`inbox/checkpoint/${operation}.json`, toStored(document))
      return `/checkpoints/${operation}`
    }
    case 'audit': {
      await store.putIfAbsent(inboxKey(operation), toStored(toAuditOrder(alert, order)))
      return `/audits/${operation}`
    }
  }
}

function toCheckpointOrder({ alert_id, source, received_at }: AlertRecord, order: PlannedOrder) {
  return {
    schema_version: 1,
    operation: order.operation,
    alert_id,
    source,
    received_at,
    request: order.action.request,
    because: reasonFor(source, order),
  }
}

/** The name of the report sorts by the time at which the alert was received, and is the same whenever this is written again. */
function toAuditOrder({ alert_id, received_at }: AlertRecord, { operation, action }: PlannedOrder) {
  const receivedAt = parseTime(received_at)
  const audit_id = receivedAt && createAuditId(receivedAt, operation.slice(0, 8))
  return { operation, audit_id, requested_at: received_at, request: action.request, alert_id }
}

function reasonFor(source: string, { alarm: { name, startedAt } }: PlannedOrder): string {
  const since = startedAt === '' ? '' : `, since ${printable(startedAt)}`
  return `${source} reported that "${printable(name)}" is firing${since}`
}

/** Names come from elsewhere: one short line of them is enough. */
function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').slice(0, LONGEST_NAME)
}
