import { describeOperation } from '../checkpoint/operation.ts'
import type { LedgerRecord, RecordIn } from '../checkpoint/record.ts'
import { Fault } from '../errors.ts'
import type { Instant } from '../time.ts'
import type { Answer } from './http.ts'

/** What whoever asked for a checkpoint hears: Huawei's own body where there is one, else the operation. Throws what Huawei refused. */
export function answerOrder(record: LedgerRecord, now: Instant): Answer {
  switch (record.state) {
    case 'STARTED':
      return { status: 200, body: JSON.stringify(record.answer) }
    case 'PARTIAL':
      return { status: 207, body: JSON.stringify(record.answer) }
    case 'REFUSED':
      throw refusalOf(record)
    case 'RECEIVED':
    case 'INTENT':
    case 'UNKNOWN':
      return { status: 202, body: JSON.stringify(describeOperation(record, now)) }
  }
}

/** What whoever asks about an operation hears: always the operation, with 202 as long as its outcome is not known. */
export function answerOperation(record: LedgerRecord, now: Instant): Answer {
  const isOpen = record.state === 'RECEIVED' || record.state === 'INTENT' || record.state === 'UNKNOWN'
  const status = isOpen ? 202 : record.state === 'PARTIAL' ? 207 : 200
  return { status, body: JSON.stringify(describeOperation(record, now)) }
}

function refusalOf({ detail, upstream }: RecordIn<'REFUSED'>): Fault {
  const { http_status, error_code, error_msg, request_id } = upstream
  return new Fault('upstream_refused', detail, {
    upstream: {
      httpStatus: http_status,
      ...(error_code === null ? {} : { errorCode: error_code }),
      ...(error_msg === null ? {} : { errorMsg: error_msg }),
      ...(request_id === null ? {} : { requestId: request_id }),
    },
  })
}
