import type { Backup, BackupFacts, Target } from '../backup.ts'
import { sha256 } from '../digest.ts'
import { formatTime, hoursBetween, type Instant } from '../time.ts'
import type { About, Evidence, Terms, Verdict } from './control.ts'
import type { History } from './history.ts'
import type { Home } from './home.ts'
import { muted } from './mute.ts'
import type { Finding } from './record.ts'

type Failure = Extract<Verdict, { outcome: 'fail' }>

/** What all findings of one audit share. */
export interface FindingTerms extends Terms {
  readonly auditId: string
}

/** The row for a backup that a control found wrong. */
export function backupFinding(
  control: About,
  failure: Failure,
  backup: Backup,
  terms: FindingTerms,
): Finding {
  return finding(control, failure, terms, {
    target: backup,
    subjectId: backup.id,
    backup,
    enterpriseProjectId: backup.enterpriseProjectId ?? backup.vault?.enterpriseProjectId,
    vaultId: backup.vaultId,
    vaultName: backup.vault?.name,
    resourceId: backup.resourceId === 'unknown' ? undefined : backup.resourceId,
    resourceName: backup.resourceName,
    resourceType: backup.resourceType,
  })
}

/** The row for a resource that a control found wrong; its backup columns are those of the backup the control names. */
export function resourceFinding(
  control: About,
  failure: Failure,
  history: History,
  home: Home,
  terms: FindingTerms,
): Finding {
  const { resourceId } = history
  return finding(control, failure, terms, {
    ...home,
    target: home,
    subjectId: resourceId,
    resourceId,
    backup: failure.backup,
  })
}

/** The id of that row, whether it is made or not. */
export function resourceFindingId(control: About, { resourceId }: History, home: Home): string {
  return findingId(control.id, home, resourceId)
}

interface Subject extends Omit<Home, keyof Target> {
  readonly target: Target
  /** What keeps the finding's id over audits. */
  readonly subjectId: string
  readonly resourceId: string | undefined
  readonly backup: BackupFacts | undefined
}

function finding(control: About, failure: Failure, terms: FindingTerms, subject: Subject): Finding {
  const { service, region, projectId } = subject.target
  const row: Finding = {
    finding_id: findingId(control.id, subject.target, subject.subjectId),
    audit_id: terms.auditId,
    control: control.id,
    severity: control.severity[service],
    because: failure.because,
    delta: 'new',
    first_seen: formatTime(terms.asOf),
    muted: false,
    mute_reason: null,
    mute_until: null,
    service,
    region,
    project_id: projectId,
    enterprise_project_id: subject.enterpriseProjectId ?? null,
    vault_id: subject.vaultId ?? null,
    vault_name: subject.vaultName ?? null,
    resource_id: subject.resourceId ?? null,
    resource_name: subject.resourceName ?? null,
    resource_type: subject.resourceType ?? null,
    ...backupColumns(subject.backup, failure.evidence ?? {}, terms.asOf),
    remedy: control.remedy[service],
  }
  return muted(row, terms.policy.mutes, terms.asOf)
}

/** The columns from `backup_id` to `error_code`, in the contract's order. */
function backupColumns(backup: BackupFacts | undefined, evidence: Evidence, asOf: Instant) {
  return {
    backup_id: backup?.id ?? null,
    parent_backup_id: backup?.parentId ?? null,
    backup_name: backup?.name ?? null,
    backup_status: backup?.status ?? null,
    image_type: backup === undefined ? null : imageTypeOf(backup),
    created_at: backup === undefined ? null : formatTime(backup.createdAt),
    expired_at: typeof backup?.expiredAt === 'number' ? formatTime(backup.expiredAt) : null,
    overdue_hours: evidence.overdue_hours ?? null,
    age_hours: backup === undefined ? null : hoursBetween(backup.createdAt, asOf),
    size_bytes: backup?.sizeBytes ?? null,
    incremental: backup?.incremental ?? null,
    replication_status: evidence.replication_status ?? null,
    replication_region: evidence.replication_region ?? null,
    replication_error: evidence.replication_error ?? null,
    error_code: evidence.error_code ?? null,
  }
}

/** The same for the same thing in every audit: half a SHA-256 over a JSON array, in which no two lists look alike. */
function findingId(control: string, { service, region, projectId }: Target, subjectId: string): string {
  return sha256(JSON.stringify([control, service, region, projectId, subjectId])).slice(0, 32)
}

/** DCS knows no image types. */
function imageTypeOf({ service, imageType }: BackupFacts): string | null {
  return service === 'dcs' || imageType === 'unknown' ? null : imageType
}
