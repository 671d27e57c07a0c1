import * as z from 'zod/mini'
import type { Store } from '../store/store.ts'
import { type Duration, formatTime, hours, type Instant, parseTime } from '../time.ts'

/** What is known of an audit that was asked for and has no report. */
export type AuditFate = { readonly state: 'running' } | { readonly state: 'ended'; readonly because: string }

/** Lambda tries an asynchronous event again for so long; what has no report by then will get none. */
const LONGEST_WAIT: Duration = hours(6)

const requested = z.looseObject({ requested_at: z.string() })
const ended = z.looseObject({ because: z.optional(z.string()) })

/** Where the request for an audit waits for whoever carries it out. */
export function inboxKey(operation: string): string {
  return `inbox/audit/${operation}.json`
}

/** Where it is written, once, what became of it. */
export function ledgerKey(operation: string): string {
  return `ledger/audit/${operation}.json`
}

/** Writes down that an audit ended without a report, for whoever asks; nothing happens where its end is known already. */
export async function endWithoutReport(
  store: Store,
  operation: string,
  because: string,
  now: Instant,
): Promise<void> {
  const entry = { operation, outcome: 'failed', because, finished_at: formatTime(now) }
  await store.putIfAbsent(ledgerKey(operation), `${JSON.stringify(entry, null, 2)}\n`)
}

/** What became of an audit without a report; undefined where nobody ever asked for it. */
export async function auditFate(
  store: Store,
  operation: string,
  now: Instant,
): Promise<AuditFate | undefined> {
  const [order, end] = await Promise.all([store.get(inboxKey(operation)), store.get(ledgerKey(operation))])
  if (end !== undefined) {
    const { because } = ended.parse(JSON.parse(end.bytes.toString('utf8')))
    // Published: the report appeared between two looks, so whoever asks again will see it.
    return because === undefined ? { state: 'running' } : { state: 'ended', because }
  }
  if (order === undefined) return undefined
  const { requested_at } = requested.parse(JSON.parse(order.bytes.toString('utf8')))
  const since = parseTime(requested_at)
  const isOverdue = since !== undefined && now - since > LONGEST_WAIT
  return isOverdue
    ? { state: 'ended', because: `it was asked for at ${requested_at} and never finished` }
    : { state: 'running' }
}
