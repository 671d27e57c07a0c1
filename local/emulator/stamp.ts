const US_PER_DAY = 86_400_000_000
const STAMP = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?$/

const dayTexts = new Map<number, string>()
const dayStarts = new Map<string, number>()

/** A time as CBR writes it: microseconds, no zone, meaning UTC (`2025-03-25T06:32:07.951164`). */
export function formatStamp(us: number): string {
  const day = Math.floor(us / US_PER_DAY)
  const rest = us - day * US_PER_DAY
  const seconds = Math.floor(rest / 1_000_000)
  stampText.write(dayText(day), 0, 'latin1')
  writeDigits(11, 2, Math.floor(seconds / 3600))
  writeDigits(14, 2, Math.floor(seconds / 60) % 60)
  writeDigits(17, 2, seconds % 60)
  writeDigits(20, 6, rest - seconds * 1_000_000)
  // Decoded from bytes, the string is flat: one glued from pieces takes several times the memory, and stories keep millions.
  return stampText.toString('latin1', 0, 26)
}

const stampText = Buffer.from('0000-00-00T00:00:00.000000', 'latin1')

function writeDigits(at: number, digits: number, value: number): void {
  let rest = value
  for (let position = at + digits - 1; position >= at; position--) {
    stampText[position] = 0x30 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}

/** A time as DCS writes it: milliseconds and `Z`. */
export function formatZulu(us: number): string {
  return new Date(Math.floor(us / 1000)).toISOString()
}

/** A time as IAM writes it: microseconds and `Z` (`2020-01-04T09:08:49.965000Z`). */
export function formatIamTime(us: number): string {
  return `${formatZulu(us).slice(0, -1)}000Z`
}

/** The microseconds since 1970 of a time in any of Huawei's spellings; undefined where the value is none. */
export function parseStamp(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const match = STAMP.exec(value)
  if (match === null) return undefined
  const [, date = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match
  const start = dayStart(date)
  if (Number.isNaN(start)) return undefined
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
  const us = Number(fraction.slice(0, 6).padEnd(6, '0'))
  return start + seconds * 1_000_000 + us - offsetUs(zone)
}

function offsetUs(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000_000
}

// A million stamps fall on a few hundred days, so both ways are remembered per day.
function dayText(day: number): string {
  let text = dayTexts.get(day)
  if (text === undefined) {
    text = new Date((day * US_PER_DAY) / 1000).toISOString().slice(0, 10)
    dayTexts.set(day, text)
  }
  return text
}

function dayStart(date: string): number {
  let start = dayStarts.get(date)
  if (start === undefined) {
    start = Date.parse(`${date}T00:00:00Z`) * 1000
    dayStarts.set(date, start)
  }
  return start
}
