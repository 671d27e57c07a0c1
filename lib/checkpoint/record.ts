import * as z from 'zod/mini'
import { asWritten } from '../as-written.ts'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import { parseTime } from '../parse-time.ts'
import type { Store } from '../store/store.ts'
import type { Instant } from '../time.ts'
import { writeJson } from '../write-json.ts'

/** The version of new records. Raised when one of an earlier version can no longer be read as it stands. */
export const RECORD_VERSION = 1

const time = z.string()
const object = z.record(z.string(), z.unknown())

/** What every record holds, from the moment when the request was taken in. */
const base = {
  schema_version: z.literal(RECORD_VERSION),
  operation: z.string(),
  region: z.string(),
  project_id: z.string(),
  vault_id: z.string(),
  /** The caller's body, checked. */
  request: object,
  request_sha256: z.string(),
  received_at: time,
  /** Attempts that were begun. */
  attempt: z.number(),
  /** Whether an attempt before may have been carried out after all. */
  is_repeated: z.optional(z.boolean()),
  /** The alert that asked, and why it was heard; absent where a caller did over HTTP. */
  origin: z.optional(z.object({ source: z.string(), alert_id: z.string(), because: z.string() })),
}

const sent = { ...base, name: z.string(), sent_at: time }
const settled = { ...sent, settled_at: time }
/** The answer was lost: why, and how often it was looked for since without a trace. */
const lost = {
  ...settled,
  because: z.string(),
  looks: z._default(z.number(), 0),
  looked_at: z.optional(time),
  /** The checkpoint that Huawei answered with, and that was of another vault. */
  not_ours: z.optional(z.string()),
}
const existing = {
  ...settled,
  checkpoint_id: z.string(),
  /** Whether Huawei answered so, or it was found by looking. */
  known_by: z.enum(['answer', 'look']),
  /** Huawei's body. */
  answer: asWritten(z.looseObject({ checkpoint: object })),
  /** The same to the letter; absent where it is too long, where more is known by now, and in records of before. */
  answer_text: z.optional(z.string()),
  /** What was last seen of it; absent as long as nobody looked. */
  seen: z.optional(
    z.object({
      /** Huawei's word; null where Huawei knows no such checkpoint. */
      status: z.nullable(z.string()),
      /** What becomes of the resources that were taken in. */
      backups: z.array(
        z.object({
          backup_id: z.string(),
          resource_id: z.nullable(z.string()),
          resource_name: z.nullable(z.string()),
          status: z.string(),
        }),
      ),
    }),
  ),
}
/** `is_partial`: Huawei had left resources out when it was started. */
const ended = { ...existing, ended_at: time, is_partial: z.boolean() }

const recordSchema = z.discriminatedUnion('state', [
  z.object({ ...base, state: z.literal('RECEIVED'), last_failure: z.nullable(z.string()) }),
  z.object({ ...base, state: z.literal('PARKED'), because: z.string(), not_before: time }),
  z.object({ ...base, state: z.literal('JOINED'), joined_to: z.string(), settled_at: time }),
  z.object({ ...sent, state: z.literal('INTENT') }),
  z.object({ ...existing, state: z.literal('STARTED') }),
  z.object({ ...existing, state: z.literal('PARTIAL') }),
  z.object({
    ...settled,
    state: z.literal('REFUSED'),
    detail: z.string(),
    upstream: z.object({
      http_status: z.number(),
      error_code: z.nullable(z.string()),
      error_msg: z.nullable(z.string()),
      request_id: z.nullable(z.string()),
    }),
  }),
  z.object({ ...lost, state: z.literal('UNKNOWN') }),
  /** `told_at`: when the line was written that an alarm waits for. */
  z.object({ ...lost, state: z.literal('HUMAN'), held_at: time, told_at: z.optional(time) }),
  z.object({ ...ended, state: z.literal('DONE') }),
  z.object({ ...ended, state: z.literal('FAILED'), because: z.string() }),
])

/** What the ledger knows of one operation; never removed once a request may have left. docs/decisions/0008 has the moves. */
export type LedgerRecord = z.infer<typeof recordSchema>

/** A record in that state. */
export type RecordIn<State extends LedgerRecord['state']> = Extract<LedgerRecord, { state: State }>

/** A record whose checkpoint exists. */
export type Existing = RecordIn<'STARTED' | 'PARTIAL' | 'DONE' | 'FAILED'>

/** What was seen of a checkpoint that exists. */
export type Seen = NonNullable<RecordIn<'STARTED'>['seen']>

/** The folder of all records. */
export const LEDGER = 'ledger/checkpoint/'

/** Where the record of an operation is. */
export function recordKey(operation: string): string {
  return `${LEDGER}${operation}.json`
}

/** A record as it is stored. */
export function writeRecord(record: LedgerRecord): string {
  return writeJson(record)
}

/** Reads a stored record; throws a Fault `unavailable` where it is none, for then nothing may be assumed and nothing sent. */
export function readRecord(key: string, bytes: Buffer): LedgerRecord {
  const result = z.safeParse(recordSchema, parseJson(bytes))
  if (result.success) return result.data
  throw new Fault('unavailable', `Cannot read the ledger: ${key} is no record of version ${RECORD_VERSION}`)
}

/** The record of an operation as it is stored; undefined where there is none. */
export async function readStanding(store: Store, operation: string): Promise<LedgerRecord | undefined> {
  const key = recordKey(operation)
  const stored = await store.get(key)
  return stored && readRecord(key, stored.bytes)
}

/** A time as we wrote it. */
export function storedTime(text: string): Instant {
  const instant = parseTime(text)
  if (instant === undefined) throw new Fault('unavailable', `Cannot read the ledger: ${text} is no time`)
  return instant
}
