import { before, hours, type Instant } from '../time.ts'
import { type RecordIn, storedTime } from './record.ts'

/** How long whoever sent may still wait for the answer: twice the longest that a gateway lets a function run. */
const LEASE = hours(1 / 60)

/** Whether whoever meant to send can no longer be waiting for an answer: his process is gone. */
export function isAbandoned({ sent_at }: RecordIn<'INTENT'>, now: Instant): boolean {
  return storedTime(sent_at) <= before(now, LEASE)
}
