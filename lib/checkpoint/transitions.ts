import { isLost } from '../checkpoint-status.ts'
import { sha256 } from '../digest.ts'
import type { Fault } from '../errors.ts'
import { parseTime } from '../parse-time.ts'
import { formatTime, type Instant } from '../time.ts'
import { follow } from './follow.ts'
import { nameCheckpoint } from './names.ts'
import type { Checkpoint, Outcome } from './outcome.ts'
import { type LedgerRecord, RECORD_VERSION, type RecordIn } from './record.ts'

/** One request for a checkpoint, checked. */
export interface Order {
  readonly operation: string
  readonly region: string
  readonly projectId: string
  readonly vaultId: string
  /** The name that the caller wants; one is made where there is none. */
  readonly name: string | undefined
  readonly body: Readonly<Record<string, unknown>>
  /** The alert that asked, and when it was received, where one did. */
  readonly origin?: LedgerRecord['origin']
  readonly receivedAt?: Instant
}

/** A record whose request may have left, and of whose fate nothing is known. */
export type Doubtful = RecordIn<'INTENT' | 'UNKNOWN' | 'HUMAN'>

/** The record of a request that was taken in; nothing has been sent. */
export function received(order: Order, now: Instant): RecordIn<'RECEIVED'> {
  return {
    schema_version: RECORD_VERSION,
    operation: order.operation,
    state: 'RECEIVED',
    region: order.region,
    project_id: order.projectId,
    vault_id: order.vaultId,
    request: order.body,
    request_sha256: fingerprint(order),
    received_at: formatTime(order.receivedAt ?? now),
    attempt: 0,
    last_failure: null,
    ...(order.origin === undefined ? {} : { origin: order.origin }),
  }
}

/** What a request is known by: the schema gave the body its order of keys, so blanks and order of the caller's JSON do not count. */
export function fingerprint({ body }: Order): string {
  return sha256(JSON.stringify(body))
}

/** What is written before a request is sent. */
export function toIntent(
  record: RecordIn<'RECEIVED' | 'PARKED'>,
  name: string | undefined,
  now: Instant,
): RecordIn<'INTENT'> {
  const base = baseOf(record)
  const attempt = base.attempt + 1
  const made = nameCheckpoint(base.operation, parseTime(base.received_at) ?? now, attempt)
  return { ...base, state: 'INTENT', attempt, name: name ?? made, sent_at: formatTime(now) }
}

/** What is written when the outcome of the request is there. */
export function toResult(intent: RecordIn<'INTENT'>, outcome: Outcome, now: Instant): LedgerRecord {
  const settled = { ...intent, settled_at: formatTime(now) }
  switch (outcome.kind) {
    case 'accepted': {
      const { checkpoint } = outcome
      const existing = { ...settled, known_by: 'answer', ...existingAs(checkpoint) } as const
      const status = checkpoint.body.checkpoint['status']
      return isLost(status) ? follow(existing, { status: String(status), backups: [] }, now) : existing
    }
    case 'refused':
      // A second request may be refused because the first is being carried out.
      if (intent.is_repeated === true) {
        const because = `sent once more, and refused: ${outcome.fault.message}`
        return { ...settled, state: 'UNKNOWN', because, looks: 0 }
      }
      return { ...settled, state: 'REFUSED', ...describeRefusal(outcome.fault) }
    case 'unsent':
      return { ...baseOf(intent), state: 'RECEIVED', last_failure: outcome.fault.message }
    case 'doubtful':
      return {
        ...settled,
        state: 'UNKNOWN',
        because: outcome.because,
        looks: 0,
        ...(outcome.notOurs === undefined ? {} : { not_ours: outcome.notOurs }),
      }
  }
}

/** What is written when a checkpoint of unknown outcome was found. */
export function toFound(record: Doubtful, checkpoint: Checkpoint, now: Instant): LedgerRecord {
  const { name, sent_at } = record
  return {
    ...baseOf(record),
    name,
    sent_at,
    settled_at: formatTime(now),
    known_by: 'look',
    ...existingAs(checkpoint),
  }
}

/** Of no checkpoint, which has 256 resources at most, are the words that long. */
const LONGEST_TEXT = 2 ** 20

function existingAs({ checkpointId, hasSkipped, body, text }: Checkpoint) {
  const isKept = text !== undefined && text.length <= LONGEST_TEXT
  return {
    state: hasSkipped ? 'PARTIAL' : 'STARTED',
    checkpoint_id: checkpointId,
    answer: body,
    ...(isKept && { answer_text: text }),
  } as const
}

/** What every record holds, without what belongs to its state alone. */
export function baseOf(record: LedgerRecord) {
  const { schema_version, operation, region, project_id, vault_id, request, request_sha256 } = record
  const { received_at, attempt, is_repeated, origin } = record
  return {
    schema_version,
    operation,
    region,
    project_id,
    vault_id,
    request,
    request_sha256,
    received_at,
    attempt,
    ...(is_repeated === undefined ? {} : { is_repeated }),
    ...(origin === undefined ? {} : { origin }),
  }
}

function describeRefusal({ message, upstream }: Fault) {
  return {
    detail: message,
    upstream: {
      http_status: upstream?.httpStatus ?? 0,
      error_code: upstream?.errorCode ?? null,
      error_msg: upstream?.errorMsg ?? null,
      request_id: upstream?.requestId ?? null,
    },
  }
}
