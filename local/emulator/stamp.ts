const US_PER_DAY = 86_400_000_000
const STAMP = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?$/

const dayTexts = new Map<number, string>()
const dayStarts = new Map<string, number>()

/** A time as CBR writes it: microseconds, no zone, meaning UTC (`2025-03-25T06:32:07.951164`). */
export function formatStamp(us: number): string {
  const day = Math.floor(us / US_PER_DAY)
  const rest = us - day * US_PER_DAY
  const seconds = Math.floor(rest / 1_000_000)
  const fraction = String(rest - seconds * 1_000_000).padStart(6, '0')
  const minutes = Math.floor(seconds / 60)
  return `${dayText(day)}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${fraction}`
}

/** A time as DCS and IAM write it: milliseconds and `Z`. */
export function formatZulu(us: number): string {
  return new Date(Math.floor(us / 1000)).toISOString()
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

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
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
