import { type Duration, formatTime, type Instant } from '../time.ts'
import { isAbandoned } from './lease.ts'
import type { Sighting } from './look.ts'
import { type LedgerRecord, type RecordIn, storedTime } from './record.ts'
import { baseOf, type Doubtful, toFound } from './transitions.ts'

/** When looking for what may have been started comes to an end, and what then. */
export interface Settling {
  /** A checkpoint that was started is visible by then. */
  readonly after: Duration
  /** `hold` it for a person, or `repeat` the request of an alert, once. */
  readonly ifUnseen: 'hold' | 'repeat'
}

const FEWEST_LOOKS = 3
/** A person must hear of it also where nothing can be seen at all. */
const BLIND_PERIODS = 4

/** Moves a record of unknown outcome by what one look came to; without terms nothing is given up, for others will look. */
export function settleDoubt(
  record: Doubtful,
  sighting: Sighting,
  now: Instant,
  settling: Settling | undefined,
): LedgerRecord {
  if (sighting.kind === 'found') return toFound(record, sighting.checkpoint, now)
  // Whoever sent it may still be told.
  if (record.state === 'INTENT' && !isAbandoned(record, now)) return record
  const unknown = looked(toUnknown(record, now), sighting, now)
  if (record.state === 'HUMAN') {
    const { held_at, told_at } = record
    return { ...unknown, state: 'HUMAN', held_at, ...(told_at === undefined ? {} : { told_at }) }
  }
  const age = now - storedTime(record.sent_at)
  if (settling === undefined || age < settling.after) return unknown
  if (sighting.kind === 'blind' && age < BLIND_PERIODS * settling.after) return unknown
  if (sighting.kind === 'nothing' && unknown.looks < FEWEST_LOOKS) return unknown
  if (sighting.kind === 'nothing' && mayRepeat(unknown, settling)) return toRepeat(record, unknown)
  return { ...unknown, state: 'HUMAN', because: why(unknown, sighting), held_at: formatTime(now) }
}

function toUnknown(record: Doubtful, now: Instant): RecordIn<'UNKNOWN'> {
  const { name, sent_at } = record
  const base = { ...baseOf(record), name, sent_at, state: 'UNKNOWN' } as const
  if (record.state !== 'INTENT') {
    const { settled_at, because, looks, not_ours } = record
    return { ...base, settled_at, because, looks, ...(not_ours === undefined ? {} : { not_ours }) }
  }
  const because = 'whoever sent it never came back with the answer'
  return { ...base, settled_at: formatTime(now), because, looks: 0 }
}

function looked(record: RecordIn<'UNKNOWN'>, { kind }: Sighting, now: Instant): RecordIn<'UNKNOWN'> {
  return { ...record, looks: record.looks + (kind === 'blind' ? 0 : 1), looked_at: formatTime(now) }
}

/** Only what nobody waits for, only once, and not where Huawei did something else instead. */
function mayRepeat({ origin, is_repeated, not_ours }: RecordIn<'UNKNOWN'>, { ifUnseen }: Settling): boolean {
  if (not_ours !== undefined) return false
  return ifUnseen === 'repeat' && origin !== undefined && is_repeated !== true
}

function toRepeat(record: Doubtful, { because, looks }: RecordIn<'UNKNOWN'>): RecordIn<'RECEIVED'> {
  const last_failure = `${because}; looked for ${looks} times without a trace, so it is sent once more`
  return { ...baseOf(record), is_repeated: true, state: 'RECEIVED', last_failure }
}

function why(
  { because, looks }: RecordIn<'UNKNOWN'>,
  sighting: Exclude<Sighting, { kind: 'found' }>,
): string {
  switch (sighting.kind) {
    case 'unclear':
      return `${because}; ${sighting.because}`
    case 'blind':
      return `${because}; it could not be looked for: ${sighting.fault.message}`
    case 'nothing':
      return `${because}; looked for ${looks} times without a trace`
  }
}
