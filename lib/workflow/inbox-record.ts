import * as z from 'zod/mini'
import { Fault, type Mistake } from '../errors.ts'
import type { JsonObject } from '../json-object.ts'
import { parseOrder } from '../parse-order.ts'
import { parseTime } from '../parse-time.ts'
import { isAuditId } from '../report/audit-id.ts'
import type { Services } from '../runtime/services.ts'
import { toMistakes } from '../strict.ts'
import type { Instant } from '../time.ts'
import { inboxKey } from './audit-fate.ts'
import { type AuditOrder, type OrderTerms, readAuditOrder } from './audit-order.ts'

/** A record of the inbox that can be followed. */
export interface InboxRecord {
  readonly operation: string
  readonly order: AuditOrder
  /** The name that was promised for the report. */
  readonly auditId: string | undefined
  readonly alertId: string | undefined
  readonly requestedAt: Instant
}

const TIME = 'a time such as "2026-11-28T06:00:00.000Z"'

/** What a request that came in earlier says of itself, beside the order; its writer may add facts of his own. */
const recordSchema = z.object({
  operation: z.string({ error: 'the operation, as the key names it' }),
  audit_id: z.optional(
    z
      .string({ error: 'a text that can name an audit' })
      .check(z.refine(isAuditId, { error: 'a text that can name an audit' })),
  ),
  alert_id: z.optional(z.string({ error: 'a text' })),
  requested_at: z.optional(
    z.string({ error: TIME }).check(z.refine((value) => parseTime(value) !== undefined, { error: TIME })),
  ),
})

/** Reads a record of the inbox; throws a Fault that is final where it can never be followed. */
export async function readInboxRecord(
  { store, config, now }: Services,
  operation: string,
): Promise<InboxRecord> {
  const key = inboxKey(operation)
  const stored = await store.get(key)
  if (stored === undefined) throw new Fault('invalid_request', `Cannot find ${store.locate(key)}`)
  const document = parseOrder(stored.bytes, CANNOT)
  const mistakes: Mistake[] = []
  const record = readRecord(document, mistakes)
  const order = readRequest(document, { now: now(), places: config.places }, mistakes)
  if (record === undefined || order === undefined) throw new Fault('invalid_request', CANNOT, { mistakes })
  if (record.operation !== operation) throw new Fault('invalid_request', `${CANNOT}: it speaks of another`)
  const { audit_id: auditId, alert_id: alertId, requested_at } = record
  // Who does not say when he asked, asks now.
  const requestedAt = (requested_at === undefined ? undefined : parseTime(requested_at)) ?? now()
  return { operation, order, auditId, alertId, requestedAt }
}

const CANNOT = 'Cannot read the record of this operation'

function readRecord(document: JsonObject, mistakes: Mistake[]): z.infer<typeof recordSchema> | undefined {
  const reading = z.safeParse(recordSchema, document)
  if (!reading.success) mistakes.push(...toMistakes(reading.error, document))
  return reading.data
}

/** The order in a record, whose mistakes are named as they stand in it. */
function readRequest(document: JsonObject, terms: OrderTerms, mistakes: Mistake[]): AuditOrder | undefined {
  try {
    return readAuditOrder(document['request'], terms)
  } catch (error) {
    if (!(error instanceof Fault) || error.mistakes.length === 0) throw error
    mistakes.push(...error.mistakes.map(({ pointer, detail }) => ({ pointer: `/request${pointer}`, detail })))
    return undefined
  }
}
