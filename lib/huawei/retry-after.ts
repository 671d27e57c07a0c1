import { refusalOf } from './body.ts'
import type { Response } from './http.ts'

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const UNIT_MS = new Map([
  ['second', 1000],
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
])

/** No wait beyond this is believed, whoever asks for it. */
const LONGEST_MS = 86_400_000

/** How many calls the gateway allows in how much time. */
export interface RateLimit {
  readonly count: number
  readonly windowMs: number
}

/** What `Retry-After` asks for, in seconds or as a date, a day at most; undefined where it is absent, past or no such thing. */
export function retryAfterMs(response: Response, nowMs: number): number | undefined {
  const text = response.headers['retry-after']?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : (httpDateMs(text) ?? Number.NaN) - nowMs
  return ms >= 0 ? Math.min(ms, LONGEST_MS) : undefined
}

/** The milliseconds since 1970 of a date in a header; undefined where it is none: Date.parse would take "-5" for a year. */
export function httpDateMs(text: string): number | undefined {
  const ms = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

/** How much longer than our own wait `Retry-After` may ask us to wait, as in the AWS SDKs. */
const MAX_EXTRA_MS = 5000

/** Our own wait, or what `Retry-After` asks for where that is longer, within reason. */
export function atLeastAsked(ownMs: number, askedMs: number | undefined): number {
  return Math.min(Math.max(askedMs ?? 0, ownMs), ownMs + MAX_EXTRA_MS)
}

/** The limit that the text of a 429 names: `…,limit:200,time:5 minute`; undefined where it names none, or one for more than a day. */
export function rateLimitOf(response: Response): RateLimit | undefined {
  const { errorMsg = '' } = refusalOf(response)
  const match = /limit: ?(\d+), ?time: ?(\d+) ?(second|minute|hour|day)/i.exec(errorMsg)
  if (match === null) return undefined
  const [, count, amount, unit = ''] = match
  const windowMs = Number(amount) * (UNIT_MS.get(unit.toLowerCase()) ?? 0)
  return Number(count) > 0 && windowMs > 0 && windowMs <= LONGEST_MS
    ? { count: Number(count), windowMs }
    : undefined
}
