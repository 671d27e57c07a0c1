import * as z from 'zod/mini'
import type { LedgerRecord } from '../checkpoint/record.ts'
import type { Order } from '../checkpoint/transitions.ts'
import { Fault, type Mistake } from '../errors.ts'
import { type CheckpointBody, checkpointBody } from '../huawei/checkpoint-body.ts'
import { parseJson } from '../parse-json.ts'
import { strict, toMistakes } from '../strict.ts'
import { parseTime } from '../time.ts'
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
  operation: text('the operation, as the key names it'),
  alert_id: text('the id of the alert'),
  source: text('who sent the alert'),
  received_at: z.string({ error: TIME }).check(z.refine((value) => parseTime(value) !== undefined, TIME)),
  because: text('why the alert asks for a checkpoint'),
  request: strict({
    region: text('a region'),
    project_id: text('a project'),
    vault_id: text('a vault'),
    resources: z.optional(
      z.array(z.string(), 'a list of resources').check(z.minLength(1, 'at least one resource, or no list')),
    ),
  }),
})

/** Reads an order; one Fault `invalid_request` names every mistake of it. */
export function readCheckpointOrder(bytes: Uint8Array, operation: string): CheckpointOrder {
  const document = parseJson(bytes)
  const reading = z.safeParse(orderSchema, document)
  if (!reading.success) throw unusable(toMistakes(reading.error, document, redactedJson))
  const { request, received_at, alert_id, source, because } = reading.data
  const { region, project_id: projectId, vault_id, resources } = request
  const mistakes: Mistake[] = []
  if (reading.data.operation !== operation)
    mistakes.push({ pointer: '/operation', detail: 'speaks of another operation than its key' })
  const wanted = {
    checkpoint: { vault_id, ...(resources === undefined ? {} : { parameters: { resources } }) },
  }
  const body = z.safeParse(checkpointBody, wanted)
  if (!body.success) mistakes.push(...inOrder(toMistakes(body.error, wanted, redactedJson)))
  if (!body.success || mistakes.length > 0) throw unusable(mistakes)
  const receivedAt = parseTime(received_at)
  const origin = { source, alert_id, because }
  return {
    body: body.data,
    order: {
      ...{ operation, region, projectId, vaultId: vault_id, name: undefined, body: body.data, origin },
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

/** The body knows nothing of the order around it. */
function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.map(({ pointer, detail }) => ({
    pointer: pointer.replace(/^\/checkpoint(\/parameters)?/, '/request'),
    detail,
  }))
}

function unusable(mistakes: readonly Mistake[]): Fault {
  return new Fault('invalid_request', 'Cannot follow this order', { mistakes })
}
