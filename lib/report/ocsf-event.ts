import type { Severity } from '../audit/control.ts'
import { type Delta, FINDING_COLUMNS, type Finding } from '../audit/record.ts'
import { parseTime } from '../parse-time.ts'
import { toEpochMs } from '../time.ts'

// https://schema.ocsf.io/1.5.0/classes/compliance_finding
const SCHEMA_VERSION = '1.5.0'
const CATEGORY_UID = 2
const CLASS_UID = 2003

const SEVERITY = {
  critical: { severity_id: 5, severity: 'Critical' },
  high: { severity_id: 4, severity: 'High' },
  medium: { severity_id: 3, severity: 'Medium' },
  low: { severity_id: 2, severity: 'Low' },
} as const satisfies Record<Severity, object>

const CREATE = {
  activity_id: 1,
  activity_name: 'Create',
  type_name: 'Compliance Finding: Create',
} as const
const UPDATE = {
  activity_id: 2,
  activity_name: 'Update',
  type_name: 'Compliance Finding: Update',
} as const
const ACTIVITY = { new: CREATE, reopened: CREATE, persisting: UPDATE } as const satisfies Record<
  Delta,
  object
>

const NEW = { status_id: 1, status: 'New' } as const
const IN_PROGRESS = { status_id: 2, status: 'In Progress' } as const
const SUPPRESSED = { status_id: 3, status: 'Suppressed' } as const
const STATUS = { new: NEW, reopened: NEW, persisting: IN_PROGRESS } as const satisfies Record<Delta, object>

const PRODUCT = { name: 'huawei-backup-audit', vendor_name: 'huawei-backup-audit' } as const
const PROFILES = ['cloud'] as const
const STANDARDS = ['huawei-backup-audit'] as const

const MAPPED: ReadonlySet<keyof Finding> = new Set([
  'finding_id',
  'control',
  'severity',
  'because',
  'first_seen',
  'mute_reason',
  'region',
  'project_id',
  'remedy',
])
/** Every column that OCSF has no word for, in the contract's order. */
const UNMAPPED_COLUMNS = FINDING_COLUMNS.filter((column) => !MAPPED.has(column))
const UNMAPPED = Object.fromEntries(UNMAPPED_COLUMNS.map((column) => [column, undefined]))

/** What all findings of a report have in common. */
export interface Shared {
  readonly product: object
  readonly asOfMs: number | undefined
}

/** What findings have in common that this tool found at that moment. */
export function sharedBy(toolVersion: string, asOf: string): Shared {
  return { product: { ...PRODUCT, version: toolVersion }, asOfMs: epochMs(asOf) }
}

/** One finding in the words of OCSF; what OCSF has no word for is kept under `unmapped`. Written out, as it is done for many: parts that are spread take as long again. */
export function toOcsf(finding: Finding, { product, asOfMs }: Shared): object {
  const activity = ACTIVITY[finding.delta]
  const severity = SEVERITY[finding.severity]
  const status = finding.muted ? SUPPRESSED : STATUS[finding.delta]
  return {
    activity_id: activity.activity_id,
    activity_name: activity.activity_name,
    category_uid: CATEGORY_UID,
    category_name: 'Findings',
    class_uid: CLASS_UID,
    class_name: 'Compliance Finding',
    type_uid: CLASS_UID * 100 + activity.activity_id,
    type_name: activity.type_name,
    time: asOfMs,
    severity_id: severity.severity_id,
    severity: severity.severity,
    status_id: status.status_id,
    status: status.status,
    status_detail: finding.mute_reason ?? undefined,
    message: finding.because,
    metadata: metadataOf(finding, product),
    finding_info: infoOf(finding, asOfMs),
    compliance: { control: finding.control, standards: STANDARDS, status_id: 3, status: 'Fail' },
    cloud: { provider: 'Huawei Cloud', region: finding.region, project_uid: finding.project_id },
    resources: resourcesOf(finding),
    remediation: { desc: finding.remedy },
    unmapped: unmapped(finding),
  }
}

function metadataOf({ audit_id, finding_id, control }: Finding, product: object): object {
  return {
    version: SCHEMA_VERSION,
    product,
    profiles: PROFILES,
    uid: `${audit_id}-${finding_id}`,
    correlation_uid: audit_id,
    event_code: control,
  }
}

function infoOf({ finding_id, control, because, first_seen }: Finding, asOfMs: number | undefined): object {
  const firstSeenMs = epochMs(first_seen)
  return {
    uid: finding_id,
    title: titleOf(control),
    desc: because,
    types: [control],
    created_time: firstSeenMs,
    first_seen_time: firstSeenMs,
    last_seen_time: asOfMs,
  }
}

function resourcesOf(finding: Finding): readonly object[] {
  const { service, region, backup_id, backup_name, resource_id, resource_name, resource_type } = finding
  const found: object[] = []
  if (resource_id !== null)
    found.push({
      uid: resource_id,
      name: resource_name ?? undefined,
      type: resource_type ?? undefined,
      region,
      namespace: service,
    })
  if (backup_id !== null)
    found.push({
      uid: backup_id,
      name: backup_name ?? undefined,
      type: `${service} backup`,
      created_time: epochMs(finding.created_at),
      region,
      namespace: service,
    })
  return found
}

function unmapped(finding: Finding): object {
  // All of one shape, so that it costs little to make and to write; JSON leaves out what is undefined.
  const rest: Record<string, unknown> = { ...UNMAPPED }
  for (const column of UNMAPPED_COLUMNS) rest[column] = finding[column] ?? undefined
  return rest
}

function titleOf(control: string): string {
  const words = control.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function epochMs(time: string | null): number | undefined {
  const instant = time === null ? undefined : parseTime(time)
  return instant === undefined ? undefined : toEpochMs(instant)
}
