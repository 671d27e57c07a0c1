import type { Backup, Service } from '../backup.ts'
import type { Instant } from '../time.ts'
import type { History } from './history.ts'
import type { Policy } from './policy.ts'
import type { Finding } from './record.ts'

/** Worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof SEVERITIES)[number]

/** The columns of a finding that only its control can fill. */
export type Evidence = Partial<
  Pick<
    Finding,
    'overdue_hours' | 'replication_status' | 'replication_region' | 'replication_error' | 'error_code'
  >
>

/** A judgement is a value: where what Huawei said does not suffice, the answer is `unknown`, never `pass`. */
export type Verdict =
  | { readonly outcome: 'pass' }
  | {
      readonly outcome: 'fail'
      readonly because: string
      readonly evidence?: Evidence
      readonly backup?: Backup
    }
  | { readonly outcome: 'unknown'; readonly because: string }

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

/** One question asked of every backup, or of every resource with all its backups. Pure: data in, verdict out. */
export type Control =
  | (About & {
      readonly scope: 'backup'
      /** Whether the question is asked of the children of a backup too. */
      readonly ofChildren: boolean
      readonly check: (backup: Backup, terms: Terms) => Verdict
    })
  | (About & { readonly scope: 'resource'; readonly check: (history: History, terms: Terms) => Verdict })
