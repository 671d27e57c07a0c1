/** Microseconds since 1970 UTC: the finest grain that Huawei's stamps have. */
export type Micros = bigint

export const HOUR: Micros = 3_600_000_000n

const STAMP = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}:\d{2})?$/

/** Reads a stamp in any of Huawei's notations, a zoneless one as UTC; undefined where it cannot be read. */
export function readMicros(value: unknown): Micros | undefined {
  if (typeof value !== 'string') return undefined
  const match = STAMP.exec(value)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const wholeMs = Date.UTC(year, month - 1, day, hour, minute, second)
  // Date.UTC rolls 30 February over into March; a stamp that does not come back as it was is none.
  if (new Date(wholeMs).toISOString().slice(0, 19) !== value.slice(0, 19)) return undefined
  const fraction = BigInt((match[7] ?? '').padEnd(6, '0'))
  return BigInt(wholeMs) * 1000n + fraction - readOffset(match[8] ?? 'Z')
}

function readOffset(zone: string): Micros {
  if (zone === 'Z') return 0n
  const size = BigInt(zone.slice(1, 3)) * HOUR + (BigInt(zone.slice(4, 6)) * HOUR) / 60n
  return zone.startsWith('-') ? -size : size
}

/** How a stamp is spelled. */
export interface Notation {
  readonly digits: 0 | 3 | 6
  readonly zone: '' | 'Z' | '+00:00' | '+08:00'
}

/** Spells a moment; digits beyond the notation are cut off. */
export function writeMicros(at: Micros, notation: Notation): string {
  const local = notation.zone === '+08:00' ? at + 8n * HOUR : at
  const whole = new Date(Number(local / 1000n)).toISOString().slice(0, 19)
  const fraction = (local % 1_000_000n).toString().padStart(6, '0').slice(0, notation.digits)
  return `${whole}${fraction === '' ? '' : `.${fraction}`}${notation.zone}`
}

/** The stamp as a report writes it: ISO 8601, UTC, milliseconds, floored. */
export function writeReportTime(at: Micros): string {
  return writeMicros(at, { digits: 3, zone: 'Z' })
}

/** Hours with two decimals, floored. */
export function hoursBetween(from: Micros, to: Micros): number {
  const hundredths = ((to - from) * 100n) / HOUR
  return Number(hundredths) / 100
}
