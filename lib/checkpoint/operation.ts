import type { Seen } from './record.ts'

/**
 * How an operation stands: `waiting` to be sent, `parked` until its turn comes, `joined` to another that does the same,
 * `running` while somebody waits for Huawei, `started` when Huawei took in all, `partial` when it left some out, `refused` when it
 * took in nothing, `unknown` where the answer was lost, `held` for a person where looking for it led nowhere, `done` or `failed`
 * when the backups have ended, `quarantined` where its order cannot be followed.
 */
export const OPERATION_STATES = [
  'waiting',
  'parked',
  'joined',
  'running',
  'started',
  'partial',
  'refused',
  'unknown',
  'held',
  'done',
  'failed',
  'quarantined',
] as const

/** What people and programs are told of an operation. */
export interface Operation {
  readonly operation: string
  readonly state: (typeof OPERATION_STATES)[number]
  /** This and what follows is null where its order was not taken from the inbox and does not say so. */
  readonly region: string | null
  readonly project_id: string | null
  readonly vault_id: string | null
  /** Null where a caller asked over HTTP. */
  readonly alert_id: string | null
  /** The name of the checkpoint; null before the first attempt. */
  readonly name: string | null
  readonly attempt: number
  readonly received_at: string | null
  readonly sent_at: string | null
  readonly settled_at: string | null
  readonly ended_at: string | null
  /** When the turn of one that is parked comes. */
  readonly not_before: string | null
  /** The operation that does what this one asked for. */
  readonly joined_to: string | null
  /** How that one stands; null where the ledger does not hold it. */
  readonly joined_state: Operation['state'] | null
  readonly because: string | null
  readonly checkpoint_id: string | null
  /** Huawei's own words on the checkpoint. */
  readonly checkpoint: unknown
  /** What becomes of each resource that was taken in; null where nobody has looked yet. */
  readonly backups: Seen['backups'] | null
  readonly error_code: string | null
  readonly error_msg: string | null
}
