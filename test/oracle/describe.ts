import type { ExpectedFinding } from './expected.ts'
import type { Resource } from './homes.ts'
import { hoursBetween, readMicros, writeReportTime } from './micros.ts'
import { recoveryPoint } from './recovery.ts'
import { type Seen, text } from './seen.ts'
import type { Terms } from './terms.ts'
import { isObject } from './wire.ts'

/** A finding but for what names it. */
export type Found = Omit<ExpectedFinding, 'control' | 'severity'>

const NOT_APPLICABLE = {
  backup_id: null,
  parent_backup_id: null,
  backup_name: null,
  backup_status: null,
  image_type: null,
  created_at: null,
  expired_at: null,
  overdue_hours: null,
  age_hours: null,
  size_bytes: null,
  incremental: null,
  replication_status: null,
  replication_region: null,
  replication_error: null,
  error_code: null,
} as const

/** The columns that every finding of a backup has. */
export function describeBackup(seen: Seen, { asOf }: Terms): Found {
  const { service, wire } = seen
  const expiredAt = service === 'cbr' ? readMicros(wire.expired_at) : undefined
  return {
    ...NOT_APPLICABLE,
    service,
    region: seen.region,
    project_id: seen.project_id,
    enterprise_project_id: seen.enterprise_project_id,
    vault_id: seen.vault_id,
    vault_name: seen.vault_name,
    resource_id: seen.resource_id,
    resource_name: seen.resource_name,
    resource_type: seen.resource_type,
    backup_id: seen.id,
    parent_backup_id: seen.parent_backup_id,
    backup_name: text(service === 'cbr' ? wire.name : wire.backup_name),
    backup_status: seen.status,
    image_type: service === 'cbr' ? text(wire.image_type) : null,
    created_at: writeReportTime(seen.createdAt),
    expired_at: expiredAt === undefined ? null : writeReportTime(expiredAt),
    age_hours: hoursBetween(seen.createdAt, asOf),
    size_bytes: service === 'cbr' ? readSize(wire.resource_size, 2 ** 30) : readSize(wire.size, 1),
    incremental: service === 'cbr' ? readIncremental(seen) : null,
  }
}

/** What only `backup-expired` says; a DCS record has no time of expiry. */
export function describeExpired(seen: Seen, { asOf }: Terms): { overdue_hours: number | null } {
  const expiredAt = seen.service === 'cbr' ? readMicros(seen.wire.expired_at) : undefined
  return { overdue_hours: expiredAt === undefined ? null : hoursBetween(expiredAt, asOf) }
}

/** What only `backup-errored` says, of DCS records alone. */
export function describeErrored(seen: Seen): { error_code: string | null } {
  return { error_code: seen.service === 'dcs' ? text(seen.wire.error_code) : null }
}

/** The columns of a resource-wide finding; it names the recovery point where there is one. */
export function describeResource(resource: Resource, terms: Terms): Found {
  const point = recoveryPoint(resource.backups, terms)
  return {
    ...(point === undefined ? NOT_APPLICABLE : describeBackup(point, terms)),
    service: resource.service,
    region: resource.region,
    project_id: resource.project_id,
    enterprise_project_id: resource.enterprise_project_id,
    vault_id: resource.vault_id,
    vault_name: resource.vault_name,
    resource_id: resource.resource_id,
    resource_name: resource.resource_name,
    resource_type: resource.resource_type,
  }
}

function readSize(value: unknown, unitBytes: number): number | null {
  if (typeof value === 'number') return value * unitBytes
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) * unitBytes : null
}

function readIncremental({ wire }: Seen): boolean | null {
  if (typeof wire.incremental === 'boolean') return wire.incremental
  const nested = isObject(wire.extend_info) ? wire.extend_info.incremental : undefined
  return typeof nested === 'boolean' ? nested : null
}
