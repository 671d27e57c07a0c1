import { formatTime, hoursBetween, type Instant } from '../time.ts'
import { type History, lastUsable } from './history.ts'
import type { Home } from './home.ts'
import type { ResourceRow } from './record.ts'

/** The row of a resource; what was found of it is filled in once that is known. */
export function toResourceRow(history: History, home: Home, asOf: Instant): ResourceRow {
  const last = lastUsable(history)
  const { holder, counts, copyRegions, nextExpiryAt } = history
  return {
    service: history.service,
    region: home.region,
    project_id: home.projectId,
    enterprise_project_id: home.enterpriseProjectId ?? null,
    resource_id: history.resourceId,
    resource_name: home.resourceName ?? null,
    resource_type: home.resourceType ?? null,
    vault_id: home.vaultId ?? null,
    vault_name: home.vaultName ?? null,
    can_be_backed_up: canBeBackedUp(holder?.canBeBackedUp),
    backups: counts.backups,
    usable: counts.usable,
    last_usable_backup_id: last?.id ?? null,
    last_usable_at: last === undefined ? null : formatTime(last.createdAt),
    age_hours: last === undefined ? null : hoursBetween(last.createdAt, asOf),
    next_expiry_at: nextExpiryAt === undefined ? null : formatTime(nextExpiryAt),
    copies: counts.copies,
    copy_regions: copyRegions.join(';'),
    worst_severity: null,
    findings: 0,
  }
}

/** A resource that only its backups tell of was backed up before, so it can be. */
function canBeBackedUp(told: boolean | 'unknown' | undefined): boolean | null {
  return told === 'unknown' ? null : (told ?? true)
}
