import { before, hours, type Instant, parseTime } from '../time.ts'
import type { LedgerRecord, RecordIn } from './record.ts'

/** What people and programs are told of an operation. */
export interface Operation {
  readonly operation: string
  /** `waiting` to be sent, `running` while somebody waits for Huawei, `unknown` where the answer was lost. */
  readonly state: 'waiting' | 'running' | 'started' | 'partial' | 'refused' | 'unknown'
  readonly region: string
  readonly project_id: string
  readonly vault_id: string
  /** The name of the checkpoint; null before the first attempt. */
  readonly name: string | null
  readonly attempt: number
  readonly received_at: string
  readonly sent_at: string | null
  readonly settled_at: string | null
  readonly because: string | null
  readonly checkpoint_id: string | null
  /** Huawei's own words on the checkpoint. */
  readonly checkpoint: unknown
  readonly error_code: string | null
  readonly error_msg: string | null
}

/** How long whoever sent may still wait for the answer: twice the longest that a gateway lets a function run. */
const LEASE = hours(1 / 60)

const NOTHING_YET = {
  name: null,
  sent_at: null,
  settled_at: null,
  because: null,
  checkpoint_id: null,
  checkpoint: null,
  error_code: null,
  error_msg: null,
} as const

const LOST =
  'The answer of Huawei was lost, so the checkpoint may or may not exist. Nothing is sent again; ask again later, it is looked for then'

/** Tells of an operation as it stands. */
export function describeOperation(record: LedgerRecord, now: Instant): Operation {
  const { operation, region, project_id, vault_id, attempt, received_at } = record
  const base = { operation, region, project_id, vault_id, attempt, received_at, ...NOTHING_YET }
  switch (record.state) {
    case 'RECEIVED':
      return { ...base, state: 'waiting', because: record.last_failure }
    case 'INTENT':
      return isAbandoned(record, now)
        ? { ...base, ...sendingOf(record), state: 'unknown', because: LOST }
        : { ...base, ...sendingOf(record), state: 'running' }
    case 'UNKNOWN':
      return {
        ...base,
        ...sendingOf(record),
        state: 'unknown',
        settled_at: record.settled_at,
        because: `${LOST} (${record.because})`,
      }
    case 'REFUSED':
      return {
        ...base,
        ...sendingOf(record),
        state: 'refused',
        settled_at: record.settled_at,
        because: record.detail,
        error_code: record.upstream.error_code,
        error_msg: record.upstream.error_msg,
      }
    case 'STARTED':
    case 'PARTIAL':
      return {
        ...base,
        ...sendingOf(record),
        state: record.state === 'STARTED' ? 'started' : 'partial',
        settled_at: record.settled_at,
        checkpoint_id: record.checkpoint_id,
        checkpoint: record.answer.checkpoint,
      }
  }
}

function sendingOf({ name, sent_at }: { readonly name: string; readonly sent_at: string }) {
  return { name, sent_at }
}

function isAbandoned({ sent_at }: RecordIn<'INTENT'>, now: Instant): boolean {
  return (parseTime(sent_at) ?? now) <= before(now, LEASE)
}
