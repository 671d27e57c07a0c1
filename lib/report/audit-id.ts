import { parseTime } from '../parse-time.ts'
import { type Duration, formatTime, hours, type Instant } from '../time.ts'

const SAFE_KEY_PART = /^[0-9A-Za-z_][0-9A-Za-z._-]{0,127}$/
const STARTED_AT = /^(\d{4})(\d{2})(\d{2}T)(\d{2})(\d{2})(\d{2}\.\d{3}Z)-/

/**
 * How long after the moment in its name an audit that was ordered may begin and end: Lambda tries an asynchronous event again for six
 * hours, and the execution that it starts lives for a day.
 */
export const LONGEST_WAIT: Duration = hours(6 + 24)

/**
 * The name of one run: its start, so that names sort by time, and chance, so that two runs of one schedule slot never
 * share a folder. For example `20261121T064500.123Z-3f9a1c2b`.
 */
export function createAuditId(startedAt: Instant, randomHex: string): string {
  return `${formatTime(startedAt).replaceAll(/[-:]/g, '')}-${randomHex}`
}

/** Where a store names its newest audit. */
export const LATEST = 'latest.json'

/** Whether a text may name an audit: one part of a store's key, and not that of the file beside the audits. */
export function isAuditId(text: string): boolean {
  return SAFE_KEY_PART.test(text) && text !== LATEST
}

/** When the audit of this name began, or was ordered; undefined where the name does not tell. */
export function startOf(auditId: string): Instant | undefined {
  const match = STARTED_AT.exec(auditId)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  return parseTime(`${year}-${month}-${day}${hour}:${minute}:${second}`)
}
