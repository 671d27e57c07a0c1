import * as z from 'zod/mini'
import { SEVERITIES } from '../audit/control.ts'
import type { Finding, ResourceRow, Summary } from '../audit/record.ts'
import { SERVICES } from '../backup.ts'

const text = z.string()
const count = z.number()
const textOrNull = z.nullable(text)
const countOrNull = z.nullable(count)
const booleanOrNull = z.nullable(z.boolean())
const severity = z.enum(SEVERITIES)
const counts = z.record(text, count)

/** How an audit ended, in `summary.json` and in `manifest.json`. */
export const verdictSchema = z.enum(['complete', 'incomplete'])

/** How a target was read, likewise. */
export const targetSchema = z.object({
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

/** Reads `summary.json`. */
export const summarySchema: z.ZodMiniType<Summary> = z.object({
  schema_version: count,
  audit_id: text,
  as_of: text,
  started_at: text,
  finished_at: text,
  verdict: verdictSchema,
  incomplete_because: z.array(text),
  // Audits of versions that knew no scope looked at everything.
  scope: z._default(z.nullable(scope), null),
  backups: count,
  resources: count,
  targets: z.array(targetSchema),
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
