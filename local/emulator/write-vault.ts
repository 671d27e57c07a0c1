import type { Wire, WirePolicy, WireVault } from './fleet.ts'
import { PROVIDERS, type ResourceType } from './write-backup.ts'

/** What differs from one vault to the next. */
export interface VaultFacts {
  readonly id: string
  readonly name: string
  readonly projectId: string
  readonly enterpriseProjectId: string
  readonly userId: string
  readonly type: ResourceType
  readonly protectType: 'backup' | 'replication'
  readonly createdAt: string
  readonly resources: Wire[]
  readonly sizeGb: number
  readonly usedMb: number
}

const OBJECT_TYPES = {
  'OS::Nova::Server': { objectType: 'server', spec: 'server' },
  'OS::Cinder::Volume': { objectType: 'disk', spec: 'volume' },
  'OS::Sfs::Turbo': { objectType: 'turbo', spec: 'turbo' },
} as const satisfies Record<ResourceType, { objectType: string; spec: string }>

/** A vault with the keys, in the order, of the recordings of 2025; sizes in GB, what is used in MB. */
export function writeVault(facts: VaultFacts): WireVault {
  return {
    id: facts.id,
    name: facts.name,
    description: null,
    resources: facts.resources,
    provider_id: PROVIDERS[facts.type],
    created_at: facts.createdAt,
    project_id: facts.projectId,
    enterprise_project_id: facts.enterpriseProjectId,
    auto_bind: false,
    bind_rules: { tags: [] },
    auto_expand: false,
    smn_notify: true,
    threshold: 80,
    user_id: facts.userId,
    billing: writeBilling(facts),
    tags: [],
    backup_name_prefix: null,
    demand_billing: false,
    cbc_delete_count: 0,
    frozen: false,
    availability_zone: '',
    sys_lock_source_service: '',
    supplier: '',
    locked: false,
    cross_account: false,
    cross_account_urn: '',
  }
}

function writeBilling({ type, protectType, resources, sizeGb, usedMb }: VaultFacts): Wire {
  const { objectType, spec } = OBJECT_TYPES[type]
  return {
    allocated: resources.reduce((total, resource) => total + Number(resource['size'] ?? 0), 0),
    cloud_type: 'public',
    consistent_level: 'crash_consistent',
    frozen_scene: null,
    charging_mode: 'post_paid',
    order_id: null,
    product_id: null,
    protect_type: protectType,
    object_type: objectType,
    spec_code: `vault.${protectType}.${spec}.normal`,
    is_multi_az: false,
    is_double_az: false,
    used: usedMb,
    storage_unit: null,
    status: 'available',
    size: sizeGb,
    partner_bp_id: null,
  }
}

/** What differs from one policy to the next. */
export interface PolicyFacts {
  readonly id: string
  readonly triggerId: string
  readonly name: string
  /** RRULE patterns in UTC, though the console shows local time. */
  readonly patterns: readonly string[]
  /** -1: not cleared by age. */
  readonly retentionDays: number
  /** -1: not cleared by number. */
  readonly maxBackups: number
  readonly startTime: string
  readonly vaultIds: readonly string[]
  /** Where it copies to; a policy without one makes backups. */
  readonly destination?: { readonly region: string; readonly projectId: string; readonly vaultId: string }
}

/** A policy with the keys of the recording of 2025-05-24. */
export function writePolicy(facts: PolicyFacts): WirePolicy {
  const { destination } = facts
  return {
    id: facts.id,
    name: facts.name,
    operation_type: destination === undefined ? 'backup' : 'replication',
    operation_definition: {
      max_backups: facts.maxBackups,
      retention_duration_days: facts.retentionDays,
      ...(destination !== undefined && {
        destination_region: destination.region,
        destination_project_id: destination.projectId,
      }),
      day_backups: 0,
      week_backups: 0,
      month_backups: 0,
      year_backups: 0,
      timezone: 'UTC+08:00',
      created_by: 'customer',
    },
    enabled: true,
    trigger: {
      id: facts.triggerId,
      name: 'default',
      type: 'time',
      properties: { pattern: facts.patterns, start_time: facts.startTime },
    },
    associated_vaults: facts.vaultIds.map((vaultId) => ({
      vault_id: vaultId,
      ...(destination !== undefined && { destination_vault_id: destination.vaultId }),
    })),
    policy_type: 'custom_policy',
  }
}
