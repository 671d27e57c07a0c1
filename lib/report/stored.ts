import * as z from 'zod/mini'
import { SEVERITIES } from '../audit/control.ts'
import type { Finding, ResourceRow, Summary } from '../audit/record.ts'
import { SERVICES } from '../backup.ts'
import type { TargetReport } from '../scan.ts'

/** One file of a finished report; `rows` do not count a header, and are null where the file has no rows. */
export interface ManifestFile {
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly rows: number | null
}

/** `manifest.json`: written last, so that its presence means that the report is whole. It lists every file but itself. */
export interface Manifest {
  readonly schema_version: number
  readonly audit_id: string
  readonly verdict: Summary['verdict']
  readonly tool_version: string
  readonly files: readonly ManifestFile[]
  readonly targets: readonly TargetReport[]
}

/** `latest.json`: the newest audit of a store, and the newest complete one of everything; null where there never was one. */
export interface Latest {
  readonly audit_id: string
  readonly manifest: string
  readonly as_of: string
  readonly complete_audit_id: string | null
}

const text = z.string()
const count = z.number()
const textOrNull = z.nullable(text)
const countOrNull = z.nullable(count)
const booleanOrNull = z.nullable(z.boolean())
const severity = z.enum(SEVERITIES)
const verdict = z.enum(['complete', 'incomplete'])
const counts = z.record(text, count)

const target = z.object({
  region: text,
  project_id: text,
  service: z.enum(SERVICES),
  listed: count,
  distinct: count,
  duplicates: count,
  count_before: countOrNull,
  count_after: countOrNull,
  requests: count,
  verdict: z.enum(['complete', 'incomplete', 'skipped']),
  note: textOrNull,
})

const scope = z.object({ vault_id: textOrNull, resource_id: textOrNull, instance_id: textOrNull })

const operation = z.object({
  operation: text,
  state: text,
  region: textOrNull,
  project_id: textOrNull,
  vault_id: textOrNull,
  alert_id: textOrNull,
  received_at: textOrNull,
  because: textOrNull,
})

/** Reads `manifest.json`. */
export const manifestSchema: z.ZodMiniType<Manifest> = z.object({
  schema_version: count,
  audit_id: text,
  verdict,
  tool_version: text,
  files: z.array(z.object({ name: text, sha256: text, bytes: count, rows: countOrNull })),
  targets: z.array(target),
})

/** Reads `latest.json`. */
export const latestSchema: z.ZodMiniType<Latest> = z.object({
  audit_id: text,
  manifest: text,
  as_of: text,
  complete_audit_id: textOrNull,
})

/** Reads `summary.json`. */
export const summarySchema: z.ZodMiniType<Summary> = z.object({
  schema_version: count,
  audit_id: text,
  as_of: text,
  started_at: text,
  finished_at: text,
  verdict,
  incomplete_because: z.array(text),
  // Audits of versions that knew no scope looked at everything.
  scope: z._default(z.nullable(scope), null),
  backups: count,
  resources: count,
  targets: z.array(target),
  findings: z.object({
    total: count,
    by_control: counts,
    by_severity: z.object({ critical: count, high: count, medium: count, low: count }),
    muted: count,
  }),
  unknown: z.object({
    total: count,
    by_control: counts,
    because: z.array(z.object({ control: text, because: text, count })),
  }),
  delta: z.object({
    previous_audit_id: textOrNull,
    span_hours: countOrNull,
    new: count,
    persisting: count,
    reopened: count,
    resolved: count,
    not_scanned: count,
  }),
  // Audits of versions that knew no operations did not look.
  operations: z._default(
    z.object({ total: count, by_state: counts, listed: z.array(operation), unreadable: textOrNull }),
    { total: 0, by_state: {}, listed: [], unreadable: null },
  ),
  report: text,
})

/** Reads a line of `findings.ndjson`. */
export const findingSchema: z.ZodMiniType<Finding> = z.object({
  finding_id: text,
  audit_id: text,
  control: text,
  severity,
  because: text,
  delta: z.enum(['new', 'persisting', 'reopened']),
  first_seen: text,
  muted: z.boolean(),
  mute_reason: textOrNull,
  mute_until: textOrNull,
  service: z.enum(SERVICES),
  region: text,
  project_id: text,
  enterprise_project_id: textOrNull,
  vault_id: textOrNull,
  vault_name: textOrNull,
  resource_id: textOrNull,
  resource_name: textOrNull,
  resource_type: textOrNull,
  backup_id: textOrNull,
  parent_backup_id: textOrNull,
  backup_name: textOrNull,
  backup_status: textOrNull,
  image_type: textOrNull,
  created_at: textOrNull,
  expired_at: textOrNull,
  overdue_hours: countOrNull,
  age_hours: countOrNull,
  size_bytes: countOrNull,
  incremental: booleanOrNull,
  replication_status: textOrNull,
  replication_region: textOrNull,
  replication_error: textOrNull,
  error_code: textOrNull,
  remedy: text,
})

/** Reads a line of `resources.ndjson`. */
export const resourceSchema: z.ZodMiniType<ResourceRow> = z.object({
  service: z.enum(SERVICES),
  region: text,
  project_id: text,
  enterprise_project_id: textOrNull,
  resource_id: text,
  resource_name: textOrNull,
  resource_type: textOrNull,
  vault_id: textOrNull,
  vault_name: textOrNull,
  can_be_backed_up: booleanOrNull,
  backups: count,
  usable: count,
  last_usable_backup_id: textOrNull,
  last_usable_at: textOrNull,
  age_hours: countOrNull,
  next_expiry_at: textOrNull,
  copies: count,
  copy_regions: text,
  worst_severity: z.nullable(severity),
  findings: count,
})

/** A JSON file of the report, for programs and for eyes. */
export function renderJson(value: Manifest | Latest | Summary): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
