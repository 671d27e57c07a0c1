import * as z from 'zod/mini'
import type { AlertSource } from '../alert-source.ts'
import { idOf, sha256 } from '../digest.ts'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import { formatTime, type Instant } from '../time.ts'

const SCHEMA_VERSION = 1

const schema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  alert_id: z.string(),
  source: z.string(),
  /** What the sender calls it; null where it has no name. */
  delivery_id: z.nullable(z.string()),
  received_at: z.string(),
  /** `received` until everything that it starts lies in the inbox: until then it may be taken again. */
  state: z.enum(['received', 'done']),
  body_sha256: z.string(),
  body_encoding: z.enum(['utf-8', 'base64']),
  body: z.string(),
  /** What it named: the path of each operation. */
  operations: z.array(z.string()),
})

/** What is kept of one delivery. It is written before anything is done about it, and never removed. */
export type AlertRecord = z.infer<typeof schema>

/** A delivery that is proved to be authentic. */
export interface Received {
  readonly source: AlertSource
  readonly deliveryId: string | undefined
  readonly body: Buffer
  readonly receivedAt: Instant
}

/** A record of a delivery of which nothing was done yet. */
export function toAlertRecord({ source, deliveryId, body, receivedAt }: Received): AlertRecord {
  const body_sha256 = sha256(body)
  const text = readUtf8(body)
  return {
    schema_version: SCHEMA_VERSION,
    // Without a name two deliveries are one where they say the same.
    alert_id: idOf(JSON.stringify(['alert', source, deliveryId ?? null, deliveryId ?? body_sha256])),
    source,
    delivery_id: deliveryId ?? null,
    received_at: formatTime(receivedAt),
    state: 'received',
    body_sha256,
    body_encoding: text === undefined ? 'base64' : 'utf-8',
    body: text ?? body.toString('base64'),
    operations: [],
  }
}

/** Where the record of an alert is. */
export function alertKey(alertId: string): string {
  return `inbox/alert/${alertId}.json`
}

/** A document as it is stored. */
export function toStored(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`
}

/** Reads a stored record; throws a Fault `unavailable` where it is none, for then nobody knows what was done. */
export function readAlertRecord(key: string, bytes: Uint8Array): AlertRecord {
  const reading = z.safeParse(schema, parseJson(bytes))
  if (reading.success) return reading.data
  throw new Fault('unavailable', `Cannot read ${key}: it is no record of version ${SCHEMA_VERSION}`)
}

function readUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
