import * as z from 'zod/mini'
import { Fault } from '../errors.ts'

/** Raised when a record of an earlier version can no longer be read as it stands. */
const SCHEMA_VERSION = 1

const time = z.string()
const object = z.record(z.string(), z.unknown())

/** What every record holds, from the moment when the request was taken in. */
const base = {
  schema_version: z.literal(SCHEMA_VERSION),
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
}

const sent = { ...base, name: z.string(), sent_at: time }
const settled = { ...sent, settled_at: time }
const existing = {
  ...settled,
  checkpoint_id: z.string(),
  /** Whether Huawei answered so, or it was found by looking. */
  known_by: z.enum(['answer', 'look']),
  /** Huawei's body. */
  answer: z.looseObject({ checkpoint: object }),
}

const recordSchema = z.discriminatedUnion('state', [
  z.object({ ...base, state: z.literal('RECEIVED'), last_failure: z.nullable(z.string()) }),
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
  z.object({ ...settled, state: z.literal('UNKNOWN'), because: z.string() }),
])

/** What the ledger knows of one operation. It only ever moves forward, and is never removed once a request may have left. */
export type LedgerRecord = z.infer<typeof recordSchema>

/** A record in that state. */
export type RecordIn<State extends LedgerRecord['state']> = Extract<LedgerRecord, { state: State }>

/** The version with which new records are written. */
export const RECORD_VERSION = SCHEMA_VERSION

/** Where the record of an operation is. */
export function recordKey(operation: string): string {
  return `ledger/checkpoint/${operation}.json`
}

/** A record as it is stored. */
export function writeRecord(record: LedgerRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`
}

/** Reads a stored record; throws a Fault `unavailable` where it is none, for then nothing may be assumed and nothing sent. */
export function readRecord(key: string, bytes: Buffer): LedgerRecord {
  const result = z.safeParse(recordSchema, parse(bytes))
  if (result.success) return result.data
  throw new Fault('unavailable', `Cannot read the ledger: ${key} is no record of version ${SCHEMA_VERSION}`)
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
