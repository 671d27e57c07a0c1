/** The controls that must always exist, with their severities. */
export const SEVERITIES = {
  'backup-expired': { cbr: 'medium', dcs: 'low' },
  'backup-errored': { cbr: 'high', dcs: 'high' },
  'backup-unreplicated': { cbr: 'high', dcs: 'high' },
  'backup-stuck': { cbr: 'medium', dcs: 'medium' },
  'recovery-point-stale': { cbr: 'high', dcs: 'high' },
  'recovery-point-missing': { cbr: 'critical', dcs: 'critical' },
} as const

export type ControlId = keyof typeof SEVERITIES

/** Their ids. */
export const CONTROLS = Object.keys(SEVERITIES) as readonly ControlId[]

export type Severity = 'critical' | 'high' | 'medium' | 'low'

/** The columns of a finding that the contract determines. */
export interface ExpectedFinding {
  readonly control: ControlId
  readonly severity: Severity
  readonly service: 'cbr' | 'dcs'
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
}

/** A row of resources: every column. */
export interface ExpectedResource {
  readonly service: 'cbr' | 'dcs'
  readonly region: string
  readonly project_id: string
  readonly enterprise_project_id: string | null
  readonly resource_id: string
  readonly resource_name: string | null
  readonly resource_type: string | null
  readonly vault_id: string | null
  readonly vault_name: string | null
  readonly can_be_backed_up: boolean | null
  readonly backups: number
  readonly usable: number
  readonly last_usable_backup_id: string | null
  readonly last_usable_at: string | null
  readonly age_hours: number | null
  readonly next_expiry_at: string | null
  readonly copies: number
  readonly copy_regions: string
  readonly worst_severity: Severity | null
  readonly findings: number
}

/** All that an audit must find. */
export interface ExpectedAudit {
  readonly as_of: string
  readonly findings: readonly ExpectedFinding[]
  readonly resources: readonly ExpectedResource[]
  readonly unknown: Readonly<Record<ControlId, number>>
  readonly backups: number
  readonly malformed: number
}
