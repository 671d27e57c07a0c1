import type { Backup, BackupFacts, Service } from '../backup.ts'
import type { Instant } from '../time.ts'
import type { History } from './history.ts'
import type { Policy } from './policy.ts'

/** Worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof SEVERITIES)[number]

/** The columns of a finding that only its control can fill. */
export interface Evidence {
  readonly overdue_hours?: number
  readonly replication_status?: string
  readonly replication_region?: string | null
  readonly replication_error?: string | null
  readonly error_code?: string | null
}

/** A judgement is a value: where what Huawei said does not suffice, the answer is `unknown`, never `pass`. */
export type Verdict =
  | { readonly outcome: 'pass' }
  | {
      readonly outcome: 'fail'
      readonly because: string
      readonly evidence?: Evidence
      /** The backup that a resource-wide finding names. */
      readonly backup?: BackupFacts
    }
  | { readonly outcome: 'unknown'; readonly because: string }

/** The one pass: nearly every verdict is this, so it costs nothing. */
export const PASS: Verdict = Object.freeze({ outcome: 'pass' })

/** Not to be judged, and why: words that name no backup, because equal reasons are counted together. */
export function unknown(because: string): Verdict {
  return { outcome: 'unknown', because }
}

/** What all judgements of one audit share. */
export interface Terms {
  readonly asOf: Instant
  readonly policy: Policy
}

/** What a control says of itself. */
export interface About {
  /** A noun in the failing state; also the name of its file and of its page in `docs/controls/`. */
  readonly id: string
  readonly severity: Readonly<Record<Service, Severity>>
  /** What holds where it passes, for people. */
  readonly passTitle: string
  /** What is wrong where it fails, for people. */
  readonly failTitle: string
  /** What to do about a finding, one sentence. */
  readonly remedy: Readonly<Record<Service, string>>
}

/** A question asked of every backup. Pure: data in, verdict out. */
export type BackupControl = About & {
  readonly scope: 'backup'
  /** Whether the question is asked of the children of a backup too. */
  readonly ofChildren: boolean
  readonly check: (backup: Backup, terms: Terms) => Verdict
}

/** A question asked of every resource with all its backups. */
export type ResourceControl = About & {
  readonly scope: 'resource'
  readonly check: (history: History, terms: Terms) => Verdict
}

/**
 * One question and how it is judged. A check is a conjunction of conditions: one that is surely false makes it pass;
 * else one that cannot be told makes it unknown; else it fails.
 */
export type Control = BackupControl | ResourceControl
