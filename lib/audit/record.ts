import type { Service } from '../backup.ts'
import type { OpenOperation } from '../open-operation.ts'
import type { TargetReport } from '../scan.ts'
import type { Severity } from './control.ts'
import type { Scope } from './scope.ts'

/** Raised when a file of the report changes its meaning. */
export const SCHEMA_VERSION = 1

/** Whether a finding was there before. */
export type Delta = 'new' | 'persisting' | 'reopened'

/** One line of `findings.ndjson`, as the contract's section 5 fixes it: these keys, in this order, null where not applicable. */
export interface Finding {
  readonly finding_id: string
  readonly audit_id: string
  readonly control: string
  readonly severity: Severity
  readonly because: string
  readonly delta: Delta
  readonly first_seen: string
  readonly muted: boolean
  readonly mute_reason: string | null
  readonly mute_until: string | null
  readonly service: Service
  readonly region: string
  readonly project_id: string
  readonly enterprise_project_id: string | null
  readonly vault_id: string | null
  readonly vault_name: string | null
  readonly resource_id: string | null
  readonly resource_name: string | null
  readonly resource_type: string | null
  readonly backup_id: string | null
  readonly parent_backup_id: string | null
  readonly backup_name: string | null
  readonly backup_status: string | null
  readonly image_type: string | null
  readonly created_at: string | null
  readonly expired_at: string | null
  readonly overdue_hours: number | null
  readonly age_hours: number | null
  readonly size_bytes: number | null
  readonly incremental: boolean | null
  readonly replication_status: string | null
  readonly replication_region: string | null
  readonly replication_error: string | null
  readonly error_code: string | null
  readonly remedy: string
}

/** The columns of a finding, in the contract's order; a test holds them equal to the keys of a finding. */
export const FINDING_COLUMNS = [
  'finding_id',
  'audit_id',
  'control',
  'severity',
  'because',
  'delta',
  'first_seen',
  'muted',
  'mute_reason',
  'mute_until',
  'service',
  'region',
  'project_id',
  'enterprise_project_id',
  'vault_id',
  'vault_name',
  'resource_id',
  'resource_name',
  'resource_type',
  'backup_id',
  'parent_backup_id',
  'backup_name',
  'backup_status',
  'image_type',
  'created_at',
  'expired_at',
  'overdue_hours',
  'age_hours',
  'size_bytes',
  'incremental',
  'replication_status',
  'replication_region',
  'replication_error',
  'error_code',
  'remedy',
] as const satisfies readonly (keyof Finding)[]

/** One line of `resources.ndjson`, as the contract's section 6 fixes it. */
export interface ResourceRow {
  readonly service: Service
  readonly region: string
  readonly project_id: string
  readonly enterprise_project_id: string | null
  readonly resource_id: string
  readonly resource_name: string | null
  readonly resource_type: string | null
  readonly vault_id: string | null
  readonly vault_name: string | null
  /** Null where Huawei did not say. */
  readonly can_be_backed_up: boolean | null
  readonly backups: number
  readonly usable: number
  readonly last_usable_backup_id: string | null
  readonly last_usable_at: string | null
  readonly age_hours: number | null
  readonly next_expiry_at: string | null
  readonly copies: number
  /** Joined by `;`; the empty text without copies. */
  readonly copy_regions: string
  readonly worst_severity: Severity | null
  readonly findings: number
}

/** The columns of a resource row, in the contract's order. */
export const RESOURCE_COLUMNS = [
  'service',
  'region',
  'project_id',
  'enterprise_project_id',
  'resource_id',
  'resource_name',
  'resource_type',
  'vault_id',
  'vault_name',
  'can_be_backed_up',
  'backups',
  'usable',
  'last_usable_backup_id',
  'last_usable_at',
  'age_hours',
  'next_expiry_at',
  'copies',
  'copy_regions',
  'worst_severity',
  'findings',
] as const satisfies readonly (keyof ResourceRow)[]

/** `summary.json` and `audit --json`, as the contract's section 4 fixes it. */
export interface Summary {
  readonly schema_version: number
  readonly audit_id: string
  readonly as_of: string
  readonly started_at: string
  readonly finished_at: string
  readonly verdict: 'complete' | 'incomplete'
  readonly incomplete_because: readonly string[]
  /** What alone was looked at; null where everything was. Totals are those of the scope, targets were read whole. */
  readonly scope: Scope | null
  readonly backups: number
  readonly resources: number
  readonly targets: readonly TargetReport[]
  readonly findings: {
    readonly total: number
    readonly by_control: Readonly<Record<string, number>>
    readonly by_severity: Readonly<Record<Severity, number>>
    readonly muted: number
  }
  readonly unknown: {
    readonly total: number
    readonly by_control: Readonly<Record<string, number>>
    /** The reasons with how often each was met, most frequent first, at most 20: so that "unknown" can be looked into. */
    readonly because: readonly {
      readonly control: string
      readonly because: string
      readonly count: number
    }[]
  }
  readonly delta: {
    readonly previous_audit_id: string | null
    readonly span_hours: number | null
    readonly new: number
    readonly persisting: number
    readonly reopened: number
    readonly resolved: number
    readonly not_scanned: number
  }
  /** Checkpoints that alerts or people asked for and that are not over, or did not succeed; no findings, and counted nowhere else. */
  readonly operations: {
    readonly total: number
    readonly by_state: Readonly<Record<string, number>>
    /** What needs a person first, at most 100. */
    readonly listed: readonly OpenOperation[]
    /** Why the ledger could not be read; null where it could. */
    readonly unreadable: string | null
  }
  /** The folder: a path or an s3 URL. */
  readonly report: string
}

/** What every report is made from; findings sorted by `finding_id`, resources by service and `resource_id`; both replayable. */
export interface AuditRecord {
  readonly summary: Summary
  readonly findings: () => AsyncIterable<Finding>
  readonly resources: () => AsyncIterable<ResourceRow>
}
