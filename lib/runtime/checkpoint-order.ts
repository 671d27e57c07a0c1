import * as z from 'zod/mini'
import { checkpointRequest } from '../alert-request.ts'
import type { LedgerRecord } from '../checkpoint/record.ts'
import type { Order } from '../checkpoint/transitions.ts'
import { Fault } from '../errors.ts'
import { type CheckpointBody, checkpointBody } from '../huawei/checkpoint-body.ts'
import { parseOrder } from '../parse-order.ts'
import { parseTime } from '../parse-time.ts'
import { toMistakes } from '../strict.ts'
import { redactedJson } from './redacted-input.ts'

/** An order that can be carried out: what the ledger keeps of it, and what Huawei gets. */
export interface CheckpointOrder {
  readonly order: Order
  readonly body: CheckpointBody
}

const text = (allowed: string) => z.string({ error: allowed }).check(z.minLength(1, { error: allowed }))

const TIME = 'a time such as "2026-11-28T06:00:00.000Z"'

/** What the receiver of alerts writes; it may add facts of its own. */
const orderSchema = z.object({
  schema_version: z.literal(1, { error: '1' }),
  alert_id: text('the id of the alert'),
  source: text('who sent the alert'),
  received_at: z.string({ error: TIME }).check(z.refine((value) => parseTime(value) !== undefined, TIME)),
  because: text('why the alert asks for a checkpoint'),
  request: checkpointRequest,
})

const CANNOT = 'Cannot follow this order'

/** Reads an order; one Fault `invalid_request` names every mistake of it. */
export function readCheckpointOrder(bytes: Uint8Array, operation: string): CheckpointOrder {
  const document = parseOrder(bytes, CANNOT)
  const named = z.literal(operation, { error: 'the operation that its key names' })
  const reading = z.safeParse(z.extend(orderSchema, { operation: named }), document)
  if (!reading.success)
    throw new Fault('invalid_request', CANNOT, {
      mistakes: toMistakes(reading.error, document, redactedJson),
    })
  const { request, received_at, alert_id, source, because } = reading.data
  const { region, project_id: projectId, vault_id, resources } = request
  const body: CheckpointBody = {
    checkpoint: { vault_id, ...(resources === undefined ? {} : { parameters: { resources } }) },
  }
  const receivedAt = parseTime(received_at)
  const origin = { source, alert_id, because }
  return {
    body,
    order: {
      operation,
      region,
      projectId,
      vaultId: vault_id,
      name: undefined,
      body,
      origin,
      ...(receivedAt === undefined ? {} : { receivedAt }),
    },
  }
}

/** The order that a record was made from. */
export function recordedOrder(record: LedgerRecord): CheckpointOrder {
  const { operation, region, project_id: projectId, vault_id: vaultId, request, origin } = record
  const body = z.parse(checkpointBody, request)
  return {
    body,
    order: { operation, region, projectId, vaultId, name: body.checkpoint.parameters?.name, body, origin },
  }
}
