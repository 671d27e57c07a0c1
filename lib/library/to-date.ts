import { parseTime } from '../parse-time.ts'
import { toEpochMs } from '../time.ts'

/** A time of Huawei as a Date, to the millisecond: UTC where it has no zone, which `new Date` would read as local time; undefined for what is none. */
export function toDate(time: string | null | undefined): Date | undefined {
  const instant = typeof time === 'string' ? parseTime(time) : undefined
  return instant === undefined ? undefined : new Date(toEpochMs(instant))
}
