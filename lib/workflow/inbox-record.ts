import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import { parseTime } from '../parse-time.ts'
import { isAuditId } from '../report/audit-id.ts'
import type { Services } from '../runtime/services.ts'
import { toMistakes } from '../strict.ts'
import type { Instant } from '../time.ts'
import { inboxKey } from './audit-fate.ts'
import { type AuditOrder, readAuditOrder } from './audit-order.ts'

/** A record of the inbox that can be followed. */
export interface InboxRecord {
  readonly operation: string
  readonly order: AuditOrder
  /** The name that was promised for the report. */
  readonly auditId: string | undefined
  readonly alertId: string | undefined
  readonly requestedAt: Instant
}

/** What a request that came in earlier asks for; its writer may add facts of his own. */
const recordSchema = z.object({
  operation: z.string({ error: 'the operation, as the key names it' }),
  audit_id: z.optional(
    z
      .string({ error: 'a text that can name an audit' })
      .check(z.refine(isAuditId, { error: 'a text that can name an audit' })),
  ),
  alert_id: z.optional(z.string({ error: 'a text' })),
  requested_at: z.optional(z.string({ error: 'a time' })),
  request: z.unknown(),
})

/** Reads a record of the inbox; throws a Fault that is final where it can never be followed. */
export async function readInboxRecord(
  { store, config, now }: Services,
  operation: string,
): Promise<InboxRecord> {
  const key = inboxKey(operation)
  const stored = await store.get(key)
  if (stored === undefined) throw new Fault('invalid_request', `Cannot find ${store.locate(key)}`)
  const { audit_id, alert_id, requested_at, request } = parseRecord(stored.bytes, operation)
  return {
    operation,
    order: readAuditOrder(request, { now: now(), places: config.places }),
    auditId: audit_id,
    alertId: alert_id,
    // Who does not say when he asked, asks now.
    requestedAt: (requested_at === undefined ? undefined : parseTime(requested_at)) ?? now(),
  }
}

function parseRecord(bytes: Uint8Array, operation: string): z.infer<typeof recordSchema> {
  const document = parseJson(bytes)
  const reading = z.safeParse(recordSchema, document)
  const cannot = 'Cannot read the record of this operation'
  if (!reading.success)
    throw new Fault('invalid_request', cannot, { mistakes: toMistakes(reading.error, document) })
  if (reading.data.operation !== operation)
    throw new Fault('invalid_request', `${cannot}: it speaks of another`)
  return reading.data
}
