import type { Fault } from '../errors.ts'
import type { JsonObject } from '../json-object.ts'
import type { Instant } from '../time.ts'
import { isAbandoned } from './lease.ts'
import { openQuestion } from './open-question.ts'
import type { Operation } from './operation.ts'
import type { OrderFacts } from './order-facts.ts'
import type { Existing, LedgerRecord, RecordIn } from './record.ts'

const NOTHING_YET = {
  name: null,
  sent_at: null,
  settled_at: null,
  ended_at: null,
  not_before: null,
  joined_to: null,
  joined_state: null,
  because: null,
  checkpoint_id: null,
  checkpoint: null,
  backups: null,
  error_code: null,
  error_msg: null,
} as const

const LOST =
  'The answer of Huawei was lost, so the checkpoint may or may not exist. Nothing is sent again; ask again later, it is looked for then'
const HELD =
  'The answer of Huawei was lost, and the checkpoint is not to be seen. Nothing is sent again: look in the console, and ask for another backup if there is none'
const SENDING =
  'Another process is at it: it has sent this request, or is about to, and waits for the answer of Huawei'
const UNTRIED =
  'Nothing was sent to Huawei: the process that took this request in is about to send it, or is gone'
const COME_AGAIN = 'Send the same request again, with the same Idempotency-Key: nobody else does'
const TAKEN_UP = 'It was taken in, and nothing was sent to Huawei yet; the timer takes it up'

/**
 * Tells of an operation as it stands; of one that joined another, by the record of what is done for it. `blind` is why
 * neither could be looked at just now.
 */
export function describeOperation(
  record: LedgerRecord,
  now: Instant,
  leader: LedgerRecord | undefined,
  blind?: Fault,
): Operation {
  const { operation, region, project_id, vault_id, attempt, received_at, origin } = record
  const base = { operation, region, project_id, vault_id, alert_id: origin?.alert_id ?? null }
  const standing = { ...standingOf(record, now), ...fateOf(record, now, leader) }
  return { ...base, ...NOTHING_YET, attempt, received_at, ...standing, ...blindnessOf(standing, blind) }
}

function blindnessOf({ because }: Partial<Operation>, blind: Fault | undefined): Partial<Operation> {
  if (blind === undefined) return {}
  const unseen = `How it stands cannot be seen just now: ${blind.message}`
  return { because: because == null ? unseen : `${because}. ${unseen}` }
}

/** Tells of an operation whose order nobody has taken, or nobody can. */
export function describeUntaken(
  operation: string,
  state: 'waiting' | 'quarantined',
  because: string | null,
  facts: OrderFacts,
): Operation {
  return { operation, state, ...facts, ...NOTHING_YET, attempt: 0, because }
}

function fateOf(record: LedgerRecord, now: Instant, leader: LedgerRecord | undefined): Partial<Operation> {
  if (record.state !== 'JOINED' || leader === undefined) return {}
  const { state, because = null } = standingOf(leader, now)
  return { joined_state: state, because }
}

/** What of an operation depends on its state. */
function standingOf(record: LedgerRecord, now: Instant): Partial<Operation> & Pick<Operation, 'state'> {
  switch (record.state) {
    case 'RECEIVED':
      return { state: 'waiting', because: whyWaiting(record) }
    case 'PARKED':
      return { state: 'parked', because: record.because, not_before: record.not_before }
    case 'JOINED':
      return { state: 'joined', joined_to: record.joined_to, settled_at: record.settled_at }
    case 'INTENT':
      return isAbandoned(record, now)
        ? { ...sendingOf(record), state: 'unknown', because: LOST }
        : { ...sendingOf(record), state: 'running', because: SENDING }
    case 'UNKNOWN':
      return { ...settledOf(record), state: 'unknown', because: `${LOST} (${record.because})` }
    case 'HUMAN':
      return { ...settledOf(record), state: 'held', because: `${HELD} (${record.because})` }
    case 'REFUSED': {
      const { error_code, error_msg } = record.upstream
      return { ...settledOf(record), state: 'refused', because: record.detail, error_code, error_msg }
    }
    case 'STARTED':
      return { ...existingOf(record), state: 'started', because: openQuestion(record) ?? null }
    case 'PARTIAL':
      return { ...existingOf(record), state: 'partial', because: openQuestion(record) ?? null }
    case 'DONE':
      return {
        ...existingOf(record),
        state: 'done',
        ended_at: record.ended_at,
        because: openQuestion(record) ?? null,
      }
    case 'FAILED':
      return {
        ...existingOf(record),
        state: 'failed',
        ended_at: record.ended_at,
        because: record.because,
      }
  }
}

/** For alerts the timer goes on trying; whoever asked over HTTP may have turned to something else. */
function whyWaiting({ origin, last_failure }: RecordIn<'RECEIVED'>): string {
  return origin === undefined ? `${last_failure ?? UNTRIED}. ${COME_AGAIN}` : (last_failure ?? TAKEN_UP)
}

function sendingOf({ name, sent_at }: RecordIn<'INTENT'>) {
  return { name, sent_at }
}

function settledOf({ name, sent_at, settled_at }: RecordIn<'UNKNOWN' | 'HUMAN' | 'REFUSED'>) {
  return { name, sent_at, settled_at }
}

function existingOf({ name, sent_at, settled_at, checkpoint_id, answer, seen }: Existing) {
  return {
    name,
    sent_at,
    settled_at,
    checkpoint_id,
    checkpoint: checkpointNow({ answer, seen }),
    backups: seen?.backups ?? null,
  }
}

/** Huawei's own words on a checkpoint, with the status that was seen last: it goes on after it was started. */
export function checkpointNow({ answer, seen }: Pick<Existing, 'answer' | 'seen'>): JsonObject {
  const known = answer.checkpoint['status']
  // Null where Huawei knows it no more, empty where it says none.
  const status = seen?.status || known
  return status === known ? answer.checkpoint : { ...answer.checkpoint, status }
}
