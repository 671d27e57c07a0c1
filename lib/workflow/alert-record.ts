import * as z from 'zod/mini'
import type { AlertSource } from '../alert-source.ts'
import { idOf, sha256 } from '../digest.ts'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import { formatTime, type Instant } from '../time.ts'
import type { AlertPlan, PlannedOrder } from './alert-plan.ts'

const SCHEMA_VERSION = 1
const LONGEST_NAME = 120

const orderSchema = z.object({
  operation: z.string(),
  kind: z.enum(['checkpoint', 'audit']),
  request: z.record(z.string(), z.unknown()),
  because: z.string(),
})

const schema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  alert_id: z.string(),
  source: z.string(),
  /** What the sender calls it; null where it has no name. */
  delivery_id: z.nullable(z.string()),
  received_at: z.string(),
  body_sha256: z.string(),
  body_encoding: z.enum(['utf-8', 'base64']),
  body: z.string(),
  /** What it starts, as the policy was then. It is done when all of them lie in the inbox. */
  orders: z.array(orderSchema),
  /** Alarms that are on, and for which the policy had no rule. */
  parked: z.array(z.object({ name: z.string(), identity: z.string(), started_at: z.string() })),
})

/** What is kept of one delivery. It is written before anything is done about it, never changed, and never removed. */
export type AlertRecord = z.infer<typeof schema>

/** One thing that an alert starts. */
export type AlertOrder = z.infer<typeof orderSchema>

/** A delivery that is proved to be authentic. */
export interface Received {
  readonly source: AlertSource
  readonly deliveryId: string | undefined
  readonly body: Buffer
  readonly receivedAt: Instant
}

/** The record of a delivery. */
export function toAlertRecord(
  { source, deliveryId, body, receivedAt }: Received,
  { orders, parked }: AlertPlan,
): AlertRecord {
  const body_sha256 = sha256(body)
  const text = readUtf8(body)
  return {
    schema_version: SCHEMA_VERSION,
    // Without a name two deliveries are one where they say the same.
    alert_id: idOf(JSON.stringify(['alert', source, deliveryId ?? null, deliveryId ?? body_sha256])),
    source,
    delivery_id: deliveryId ?? null,
    received_at: formatTime(receivedAt),
    body_sha256,
    body_encoding: text === undefined ? 'base64' : 'utf-8',
    body: text ?? body.toString('base64'),
    orders: orders.map((order) => toOrder(source, order)),
    parked: parked.map(({ name, identity, startedAt }) => ({ name, identity, started_at: startedAt })),
  }
}

/** Where the record of an alert is. */
export function alertKey(alertId: string): string {
  return `inbox/alert/${alertId}.json`
}

/** Reads a stored record; throws a Fault `unavailable` where it is none, for then nobody knows what it was to start. */
export function readAlertRecord(key: string, bytes: Uint8Array): AlertRecord {
  const reading = z.safeParse(schema, parseJson(bytes))
  if (reading.success) return reading.data
  throw new Fault('unavailable', `Cannot read ${key}: it is no record of version ${SCHEMA_VERSION}`)
}

function toOrder(source: AlertSource, { operation, action, alarm }: PlannedOrder): AlertOrder {
  const since = alarm.startedAt === '' ? '' : `, since ${printable(alarm.startedAt)}`
  const because = `${source} reported that "${printable(alarm.name)}" is firing${since}`
  return { operation, kind: action.kind, request: { ...action.request }, because }
}

/** Names come from elsewhere: one short line of them is enough. */
function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').slice(0, LONGEST_NAME)
}

function readUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
