import type { Severity } from '../../lib/audit/control.ts'
import type { AuditRecord, Finding, ResourceRow } from '../../lib/audit/record.ts'
import { finding, record, resource, target } from './sample-record.ts'

const REGIONS = ['cn-north-4', 'cn-south-1', 'ap-southeast-1'] as const
const ROLES = [
  'web',
  'api',
  'billing-db',
  'search',
  'mail',
  'ldap',
  'ci-runner',
  'warehouse',
  'queue',
  'files',
] as const

const SEVERITY: Readonly<Record<string, Severity>> = {
  'recovery-point-missing': 'critical',
  'recovery-point-stale': 'high',
  'backup-errored': 'high',
  'backup-unreplicated': 'high',
  'backup-expired': 'medium',
  'backup-stuck': 'medium',
}

/** A record as a middle-sized company would get it: the same for the same size, with something of everything. */
export function realisticRecord(size = 212): AuditRecord {
  const findings: Finding[] = []
  const resources = Array.from({ length: size }, (_, index) => {
    const row = resourceAt(index, size)
    const own = findingsOf(row, index)
    findings.push(...own)
    const [worst = null] = own.map(({ severity }) => severity).sort()
    return { ...row, findings: own.length, worst_severity: worst }
  })
  const count = (of: (finding: Finding) => boolean): number => findings.filter(of).length
  return record(findings, resources, {
    backups: resources.reduce((sum, { backups }) => sum + backups, 0),
    targets: REGIONS.flatMap((region) => [
      target({
        region,
        listed: 512,
        distinct: 508,
        duplicates: 4,
        count_before: 508,
        count_after: 508,
        requests: 7,
      }),
      region === 'ap-southeast-1'
        ? target({
            region,
            service: 'dcs',
            listed: 0,
            distinct: 0,
            duplicates: 0,
            count_before: null,
            count_after: null,
            requests: 0,
            verdict: 'skipped',
            note: 'DCS does not exist in ap-southeast-1',
          })
        : target({
            region,
            service: 'dcs',
            listed: 46,
            distinct: 46,
            duplicates: 0,
            count_before: null,
            count_after: null,
            requests: 9,
          }),
    ]),
    unknown: {
      total: 4,
      by_control: { 'backup-unreplicated': 3, 'backup-stuck': 1 },
      because: [
        {
          control: 'backup-unreplicated',
          because: 'Huawei Cloud did not say when the backup was replicated',
          count: 3,
        },
        { control: 'backup-stuck', because: 'the status "migrating" is not known', count: 1 },
      ],
    },
    delta: {
      previous_audit_id: '20261120T064500.077Z-91c04d7e',
      span_hours: 24,
      new: count(({ delta }) => delta === 'new'),
      persisting: count(({ delta }) => delta === 'persisting'),
      reopened: count(({ delta }) => delta === 'reopened'),
      resolved: 7,
      not_scanned: 0,
    },
  })
}

function resourceAt(index: number, size: number): ResourceRow {
  const region = REGIONS[index % REGIONS.length] ?? REGIONS[0]
  const role = ROLES[index % ROLES.length] ?? ROLES[0]
  const common = {
    region,
    resource_name: `${role}-${String(index).padStart(2, '0')}`,
    resource_id: uuid(index),
  }
  const isMissing = index % Math.ceil(size / 3) === 7
  const isStale = index % 23 === 5
  const state = isMissing
    ? {
        usable: 0,
        last_usable_at: null,
        last_usable_backup_id: null,
        age_hours: null,
        copies: 0,
        copy_regions: '',
      }
    : isStale
      ? {
          usable: 3,
          last_usable_at: '2026-11-18T01:10:00.000Z',
          age_hours: Math.floor(7758 + 100 * index) / 100,
        }
      : {}
  if (index % 20 === 19)
    return resource({
      ...common,
      ...state,
      service: 'dcs',
      resource_name: `cache-${index}`,
      resource_type: 'redis',
      vault_id: null,
      vault_name: null,
      copies: 0,
      copy_regions: '',
      ...(index % 40 === 39 &&
        !isMissing && {
          can_be_backed_up: false,
          backups: 0,
          usable: 0,
          last_usable_at: null,
          age_hours: null,
        }),
    })
  const vault = index % 9
  return resource({
    ...common,
    ...state,
    resource_type: index % 4 === 3 ? 'OS::Cinder::Volume' : 'OS::Nova::Server',
    vault_id: uuid(9000 + vault),
    vault_name: `vault-${['production', 'finance', 'staging', 'shared', 'edge', 'archive', 'tools', 'legacy', 'lab'][vault]}`,
  })
}

function findingsOf(row: ResourceRow, index: number): Finding[] {
  const make = (control: string, because: string, own: Partial<Finding> = {}): Finding => {
    const { service, region, vault_id, vault_name, resource_id, resource_name, resource_type } = row
    const delta = index % 4 === 0 ? 'new' : index % 11 === 5 ? 'reopened' : 'persisting'
    return finding({
      finding_id: uuid(index).replaceAll('-', '') + control.length,
      control,
      severity: SEVERITY[control] ?? 'low',
      because,
      delta,
      first_seen: delta === 'new' ? '2026-11-21T06:45:00.123Z' : '2026-11-17T06:45:00.091Z',
      remedy: REMEDIES[control] ?? 'Look into it',
      ...{ service, region, vault_id, vault_name, resource_id, resource_name, resource_type },
      backup_id: uuid(5000 + index),
      backup_name: `autobk_${index}c4`,
      ...own,
    })
  }
  const none = { backup_id: null, backup_name: null, created_at: null }
  return [
    row.usable === 0 &&
      row.can_be_backed_up === true &&
      make(
        'recovery-point-missing',
        'None of its 7 backups is usable: 5 are in status error, 2 have expired',
        none,
      ),
    row.age_hours !== null &&
      row.age_hours > 26 &&
      make(
        'recovery-point-stale',
        `Its newest usable backup is ${row.age_hours} hours old, the policy allows 26`,
      ),
    index % 17 === 3 &&
      make('backup-errored', 'The backup is in status error since 2026-11-20T01:12:00.000Z'),
    index % 13 === 6 &&
      make(
        'backup-unreplicated',
        'Its latest replication failed 29.5 hours ago: BackupService.6302: The destination vault is full',
        { replication_status: 'fail' },
      ),
    index % 29 === 4 &&
      make('backup-expired', 'It expired 41.2 hours ago, and is still listed', { overdue_hours: 41.2 }),
    index % 71 === 9 &&
      make('backup-stuck', 'It is in status deleting, unchanged for 8.3 hours', {
        muted: true,
        mute_reason: 'Ticket 4711: Huawei support looks into it',
        mute_until: '2026-12-01T00:00:00.000Z',
      }),
  ].filter((each) => each !== false)
}

const REMEDIES: Readonly<Record<string, string>> = {
  'recovery-point-missing': 'Back it up now, and check that a policy covers it',
  'recovery-point-stale': 'Find out why the latest backups failed or did not run, then back it up now',
  'backup-errored': 'Look up the error in the task list of CBR, remove its cause and back up again',
  'backup-unreplicated':
    'Read why the replication failed, make room in the destination vault and replicate again',
  'backup-expired': 'Check the retention rules of the vault, then delete the backup',
  'backup-stuck': 'Wait for the task or open a ticket with Huawei Cloud',
}

function uuid(seed: number): string {
  const hex = (Math.imul(seed + 1, 2654435761) >>> 0).toString(16).padStart(8, '0')
  return `${hex}-${hex.slice(0, 4)}-4${hex.slice(1, 4)}-8${hex.slice(2, 5)}-${hex}${hex.slice(4)}`
}
