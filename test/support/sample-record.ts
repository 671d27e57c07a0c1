import { SEVERITIES, type Severity } from '../../lib/audit/control.ts'
import type { AuditRecord, Delta, Finding, ResourceRow, Summary } from '../../lib/audit/record.ts'
import type { TargetReport } from '../../lib/scan.ts'

/** A finding with every field set as an audit sets it, but for those that a test cares about. */
export function finding(own: Partial<Finding> = {}): Finding {
  return {
    finding_id: '00a1',
    audit_id: '20261121T064500.123Z-3f9a1c2b',
    control: 'backup-errored',
    severity: 'high',
    because: 'The backup is in status error since 2026-11-20T01:12:00.000Z',
    delta: 'new',
    first_seen: '2026-11-21T06:45:00.123Z',
    muted: false,
    mute_reason: null,
    mute_until: null,
    service: 'cbr',
    region: 'cn-north-4',
    project_id: '0605767b5780d5762fc5c0118072a564',
    enterprise_project_id: '0',
    vault_id: 'vault-1',
    vault_name: 'vault-production',
    resource_id: 'server-1',
    resource_name: 'web-01',
    resource_type: 'OS::Nova::Server',
    backup_id: 'backup-1',
    parent_backup_id: null,
    backup_name: 'autobk_web-01',
    backup_status: 'error',
    image_type: 'backup',
    created_at: '2026-11-20T01:00:00.000Z',
    expired_at: '2026-12-20T01:00:00.000Z',
    overdue_hours: null,
    age_hours: 29.75,
    size_bytes: 42949672960,
    incremental: true,
    replication_status: null,
    replication_region: null,
    replication_error: null,
    error_code: null,
    remedy: 'Look up the error in the task list of CBR, remove its cause and back up again',
    ...own,
  }
}

/** A healthy resource, but for what a test cares about. */
export function resource(own: Partial<ResourceRow> = {}): ResourceRow {
  return {
    service: 'cbr',
    region: 'cn-north-4',
    project_id: '0605767b5780d5762fc5c0118072a564',
    enterprise_project_id: '0',
    resource_id: 'server-1',
    resource_name: 'web-01',
    resource_type: 'OS::Nova::Server',
    vault_id: 'vault-1',
    vault_name: 'vault-production',
    can_be_backed_up: true,
    backups: 7,
    usable: 7,
    last_usable_backup_id: 'backup-9',
    last_usable_at: '2026-11-21T01:00:00.000Z',
    age_hours: 5.75,
    next_expiry_at: '2026-11-28T01:00:00.000Z',
    copies: 1,
    copy_regions: 'cn-south-1',
    worst_severity: null,
    findings: 0,
    ...own,
  }
}

/** A target that was read whole. */
export function target(own: Partial<TargetReport> = {}): TargetReport {
  return {
    region: 'cn-north-4',
    project_id: '0605767b5780d5762fc5c0118072a564',
    service: 'cbr',
    listed: 2004,
    distinct: 2000,
    duplicates: 4,
    count_before: 2000,
    count_after: 2000,
    requests: 24,
    verdict: 'complete',
    note: null,
    ...own,
  }
}

/** A record whose summary counts what is in it. */
export function record(
  findings: readonly Finding[],
  resources: readonly ResourceRow[],
  own: Partial<Summary> = {},
): AuditRecord {
  return {
    summary: { ...summarise(findings, resources), ...own },
    findings: () => each(findings),
    resources: () => each(resources),
  }
}

/** Rows as a stream of the store would give them. */
export async function* each<T>(rows: readonly T[]): AsyncIterable<T> {
  yield* rows
}

/** All of a stream, joined. */
export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

/** All rows of a stream. */
export async function allOf<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

function summarise(findings: readonly Finding[], resources: readonly ResourceRow[]): Summary {
  const countBy = (key: (finding: Finding) => string): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const each of findings) counts[key(each)] = (counts[key(each)] ?? 0) + 1
    return counts
  }
  const bySeverity = countBy(({ severity }) => severity)
  const severities = SEVERITIES.map((severity): [Severity, number] => [severity, bySeverity[severity] ?? 0])
  const deltas = countBy(({ delta }) => delta)
  const count = (delta: Delta): number => deltas[delta] ?? 0
  return {
    schema_version: 1,
    audit_id: '20261121T064500.123Z-3f9a1c2b',
    as_of: '2026-11-21T06:45:00.123Z',
    started_at: '2026-11-21T06:45:00.123Z',
    finished_at: '2026-11-21T06:45:09.456Z',
    verdict: 'complete',
    incomplete_because: [],
    scope: null,
    backups: resources.reduce((sum, { backups }) => sum + backups, 0),
    resources: resources.length,
    targets: [target()],
    findings: {
      total: findings.length,
      by_control: countBy(({ control }) => control),
      by_severity: Object.fromEntries(severities) as Record<Severity, number>,
      muted: findings.filter(({ muted }) => muted).length,
    },
    unknown: { total: 0, by_control: {}, because: [] },
    delta: {
      previous_audit_id: null,
      span_hours: null,
      new: count('new'),
      persisting: count('persisting'),
      reopened: count('reopened'),
      resolved: 0,
      not_scanned: 0,
    },
    operations: { total: 0, by_state: {}, listed: [], unreadable: null },
    report: 'reports/20261121T064500.123Z-3f9a1c2b',
  }
}
