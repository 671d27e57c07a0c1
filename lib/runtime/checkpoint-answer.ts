import { askedBy, leavesOut } from '../checkpoint/asked.ts'
import { checkpointNow, describeOperation } from '../checkpoint/describe-operation.ts'
import { isUncovered, openQuestion } from '../checkpoint/open-question.ts'
import { OPERATION_STATES, type Operation } from '../checkpoint/operation.ts'
import type { Existing, LedgerRecord, RecordIn } from '../checkpoint/record.ts'
import { isLost } from '../checkpoint-status.ts'
import { Fault } from '../errors.ts'
import { redacted } from '../huawei/redact.ts'
import type { Instant } from '../time.ts'
import type { Answer } from './http.ts'

// For the commands, which do not look into the ledger themselves.
export { OPERATION_STATES, type Operation }

/** What whoever asked for a checkpoint hears: Huawei's own body where there is one, else the operation. Throws what Huawei refused. */
export function answerOrder(record: LedgerRecord, now: Instant): Answer {
  switch (record.state) {
    case 'STARTED':
    case 'PARTIAL':
    case 'DONE':
    case 'FAILED':
      if (isLost(record.answer.checkpoint['status'])) throw stillborn(record)
      if (record.state !== 'FAILED' && isUncovered(record)) return unsettled(record, now)
      return { status: isPartial(record) ? 207 : 200, body: wordsOn(record) }
    case 'REFUSED':
      throw refusalOf(record)
    case 'RECEIVED':
    case 'PARKED':
    case 'JOINED':
    case 'INTENT':
    case 'UNKNOWN':
    case 'HUMAN':
      return unsettled(record, now)
  }
}

/** Huawei's body to the letter, or, where a newer status is known, written anew with that. */
function wordsOn(record: Existing): string {
  const { answer, answer_text } = record
  const checkpoint = checkpointNow(record)
  const isNews = checkpoint !== answer.checkpoint
  return isNews || answer_text === undefined ? JSON.stringify({ ...answer, checkpoint }) : answer_text
}

function unsettled(record: LedgerRecord, now: Instant): Answer {
  return { status: 202, body: JSON.stringify(describeOperation(record, now, undefined)) }
}

const OPEN: readonly LedgerRecord['state'][] = ['RECEIVED', 'PARKED', 'INTENT', 'UNKNOWN', 'HUMAN']

/**
 * What whoever asks about an operation hears: always the operation, with 202 as long as the outcome of what is done for it
 * is not known, and with why it cannot be looked at where it is `blind`.
 */
export function answerOperation(
  record: LedgerRecord,
  now: Instant,
  leader: LedgerRecord | undefined,
  blind: Fault | undefined,
): Answer {
  const done = leader ?? record
  const isOpen = OPEN.includes(done.state) || openQuestion(done) !== undefined
  // Who joined may have asked for less than the other one left out.
  const isShort = isPartial(done) && (leader === undefined || leavesOut(leader, askedBy(record)))
  const status = isOpen ? 202 : isShort ? 207 : 200
  return { status, body: JSON.stringify(describeOperation(record, now, leader, blind)) }
}

function isPartial(record: LedgerRecord): boolean {
  const hasEnded = record.state === 'DONE' || record.state === 'FAILED'
  return hasEnded ? record.is_partial : record.state === 'PARTIAL'
}

function refusalOf({ detail, upstream }: RecordIn<'REFUSED'>): Fault {
  const { http_status, error_code, error_msg, request_id } = upstream
  return new Fault('upstream_refused', detail, {
    upstream: {
      httpStatus: http_status,
      // Nothing else is taken for a refusal.
      inOwnWords: true,
      ...(error_code === null ? {} : { errorCode: error_code }),
      ...(error_msg === null ? {} : { errorMsg: error_msg }),
      ...(request_id === null ? {} : { requestId: request_id }),
    },
  })
}

/** Huawei took it in and said in the same answer that it had failed. */
function stillborn({ checkpoint_id, answer }: Existing): Fault {
  const status = redacted(String(answer.checkpoint['status']), 64)
  return new Fault(
    'upstream_refused',
    `Huawei began the checkpoint ${redacted(checkpoint_id, 64)}, and answered that its status is ${status}: it has failed. Look for the cause in the console, then order another`,
  )
}
