import * as z from 'zod/mini'
import { describeMistake, Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import { parseTime } from '../parse-time.ts'
import { isAuditId, LONGEST_WAIT } from '../report/audit-id.ts'
import type { Store } from '../store/store.ts'
import { formatTime, type Instant } from '../time.ts'
import { writeJson } from '../write-json.ts'

/** What is known of an audit that was asked for; its report may have another name than was promised. */
export type AuditFate =
  | { readonly state: 'running' }
  | { readonly state: 'published'; readonly auditId: string }
  | { readonly state: 'ended'; readonly because: string }

/** Whoever writes a record need not say when. */
const requested = z.looseObject({ requested_at: z.optional(z.string()) })
const published = z.looseObject({ audit_id: z.string().check(z.refine(isAuditId)) })
const ended = z.looseObject({ because: z.string() })
const joined = z.looseObject({ outcome: z.literal('joined'), joined_to: z.string() })

/** Whoever was joined may have joined another, where its own run was killed. */
const LONGEST_CHAIN = 5

/** Where requests for audits arrive. */
export const AUDIT_INBOX = 'inbox/audit/'

/** Where it is written what became of each. */
export const AUDIT_LEDGER = 'ledger/audit/'

/** Where the request for an audit waits for whoever carries it out. */
export function inboxKey(operation: string): string {
  return `${AUDIT_INBOX}${operation}.json`
}

/** Where it is written, once, what became of it. */
export function ledgerKey(operation: string): string {
  return `${AUDIT_LEDGER}${operation}.json`
}

/** Why an audit has no report, in one line for its ledger entry: every mistake of a fault; of a defect only that it is one, for its words may hold anything. */
export function whyWithoutReport(error: unknown): string {
  if (!(error instanceof Fault)) return 'it met a defect of this tool'
  return [error.message, ...error.mistakes.map(describeMistake)].join('; ')
}

/** Writes down that an audit ended without a report, for whoever asks; nothing happens where its end is known already. */
export async function endWithoutReport(
  store: Store,
  operation: string,
  error: unknown,
  now: Instant,
): Promise<void> {
  const because = whyWithoutReport(error)
  const entry = { operation, outcome: 'failed', because, finished_at: formatTime(now) }
  await store.putIfAbsent(ledgerKey(operation), writeJson(entry))
}

/** What became of an audit that was asked for, or of the one that it joined; undefined where nobody ever did. */
export async function auditFate(
  store: Store,
  operation: string,
  now: Instant,
  steps = 0,
): Promise<AuditFate | undefined> {
  const [order, end] = await Promise.all([store.get(inboxKey(operation)), store.get(ledgerKey(operation))])
  if (end !== undefined) {
    const leader = joined.safeParse(parseJson(end.bytes)).data?.joined_to
    if (leader === undefined) return readEnd(store, operation, end.bytes)
    if (steps < LONGEST_CHAIN) return auditFate(store, leader, now, steps + 1)
    return { state: 'ended', because: 'it joined others in turn, and none of these led to a report' }
  }
  if (order === undefined) return undefined
  const requestedAt = requested.safeParse(parseJson(order.bytes)).data?.requested_at
  const since = requestedAt === undefined ? undefined : parseTime(requestedAt)
  const isOverdue = since !== undefined && now - since > LONGEST_WAIT
  return isOverdue
    ? { state: 'ended', because: `it was asked for at ${requestedAt} and never finished` }
    : { state: 'running' }
}

function readEnd(store: Store, operation: string, bytes: Uint8Array): AuditFate {
  const entry = parseJson(bytes)
  const report = published.safeParse(entry)
  if (report.success) return { state: 'published', auditId: report.data.audit_id }
  const { data = { because: `"${store.locate(ledgerKey(operation))}" is damaged` } } = ended.safeParse(entry)
  return { state: 'ended', because: data.because }
}
