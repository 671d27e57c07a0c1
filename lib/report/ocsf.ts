import type { Severity } from '../audit/control.ts'
import { type Delta, FINDING_COLUMNS, type Finding } from '../audit/record.ts'
import { parseTime, toEpochMs } from '../time.ts'
import type { LineFormat } from './format.ts'
import { oneLine } from './ndjson.ts'

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

const CREATE = { activity_id: 1, activity_name: 'Create' } as const
const UPDATE = { activity_id: 2, activity_name: 'Update' } as const
const ACTIVITY = { new: CREATE, reopened: CREATE, persisting: UPDATE } as const satisfies Record<
  Delta,
  object
>

const NEW = { status_id: 1, status: 'New' } as const
const IN_PROGRESS = { status_id: 2, status: 'In Progress' } as const
const SUPPRESSED = { status_id: 3, status: 'Suppressed' } as const
const STATUS = { new: NEW, reopened: NEW, persisting: IN_PROGRESS } as const satisfies Record<Delta, object>

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
const UNMAPPED = FINDING_COLUMNS.filter((column) => !MAPPED.has(column))

/** The tool that found it, and the moment of its audit as the summary writes it. */
export interface OcsfTerms {
  readonly toolVersion: string
  readonly asOf: string
}

/** `findings.ocsf.ndjson`: every finding as an OCSF Compliance Finding, for a SIEM or a security lake. */
export function findingsOcsf(terms: OcsfTerms): LineFormat<Finding> {
  return {
    file: 'findings.ocsf.ndjson',
    contentType: 'application/x-ndjson',
    toLine: (finding) => oneLine(toOcsf(finding, terms)),
  }
}

/** One finding in the words of OCSF; what OCSF has no word for is kept under `unmapped`. */
export function toOcsf(finding: Finding, { toolVersion, asOf }: OcsfTerms): object {
  const activity = ACTIVITY[finding.delta]
  const asOfMs = epochMs(asOf)
  const firstSeenMs = epochMs(finding.first_seen)
  return {
    ...activity,
    category_uid: CATEGORY_UID,
    category_name: 'Findings',
    class_uid: CLASS_UID,
    class_name: 'Compliance Finding',
    type_uid: CLASS_UID * 100 + activity.activity_id,
    type_name: `Compliance Finding: ${activity.activity_name}`,
    time: asOfMs,
    ...SEVERITY[finding.severity],
    ...(finding.muted ? SUPPRESSED : STATUS[finding.delta]),
    status_detail: finding.mute_reason ?? undefined,
    message: finding.because,
    metadata: {
      version: SCHEMA_VERSION,
      product: { name: 'huawei-backup-audit', vendor_name: 'huawei-backup-audit', version: toolVersion },
      profiles: ['cloud'],
      uid: `${finding.audit_id}-${finding.finding_id}`,
      correlation_uid: finding.audit_id,
      event_code: finding.control,
    },
    finding_info: {
      uid: finding.finding_id,
      title: titleOf(finding.control),
      desc: finding.because,
      types: [finding.control],
      created_time: firstSeenMs,
      first_seen_time: firstSeenMs,
      last_seen_time: asOfMs,
    },
    compliance: {
      control: finding.control,
      standards: ['huawei-backup-audit'],
      status_id: 3,
      status: 'Fail',
    },
    cloud: { provider: 'Huawei Cloud', region: finding.region, project_uid: finding.project_id },
    resources: resourcesOf(finding),
    remediation: { desc: finding.remedy },
    unmapped: unmapped(finding),
  }
}

function resourcesOf(finding: Finding): readonly object[] {
  const { service, region, backup_id, backup_name, resource_id, resource_name, resource_type } = finding
  const at = { region, namespace: service }
  const resource = {
    uid: resource_id,
    name: resource_name ?? undefined,
    type: resource_type ?? undefined,
    ...at,
  }
  const backup = {
    uid: backup_id,
    name: backup_name ?? undefined,
    type: `${service} backup`,
    created_time: epochMs(finding.created_at),
    ...at,
  }
  return [resource, backup].filter(({ uid }) => uid !== null)
}

function unmapped(finding: Finding): object {
  const rest: Partial<Record<keyof Finding, unknown>> = {}
  for (const column of UNMAPPED) if (finding[column] !== null) rest[column] = finding[column]
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
