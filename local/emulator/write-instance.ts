import type { Wire, WireInstance, WireRecord } from './fleet.ts'
import { formatZulu } from './stamp.ts'

/** What differs from one DCS instance to the next. */
export interface InstanceFacts {
  readonly id: string
  readonly name: string
  readonly cacheMode: 'single' | 'ha' | 'cluster' | 'proxy' | 'ha_rw_split'
  readonly status: string
  readonly capacityGb: number
  readonly createdAt: string
  readonly region: string
  readonly userId: string
  readonly networkId: string
  readonly ip: string
  /** Undefined where nobody set a backup policy up. */
  readonly policy: { readonly id: string; readonly saveDays: number; readonly beginAt: string } | undefined
}

/** A DCS instance with the keys of the documents, their oddities included. */
export function writeInstance(facts: InstanceFacts): WireInstance {
  return {
    publicip_id: null,
    vpc_name: 'vpc-prod',
    charging_mode: 0,
    enterprise_project_name: 'default',
    vpc_id: facts.networkId,
    subnet_id: facts.networkId,
    subnet_name: 'subnet-prod',
    subnet_cidr: '192.168.0.0/16',
    security_group_name: null,
    user_name: 'backup-admin',
    created_at: facts.createdAt,
    updated_at: facts.createdAt,
    enable_ssl: false,
    max_memory: facts.capacityGb * 1024,
    publicip_address: null,
    capacity: facts.capacityGb,
    order_id: null,
    maintain_begin: '02:00:00',
    engine: 'Redis',
    maintain_end: '06:00:00',
    capacity_minor: null,
    service_upgrade: false,
    no_password_access: 'false',
    service_task_id: '',
    ip: facts.ip,
    used_memory: facts.capacityGb * 100,
    access_user: null,
    instance_id: facts.id,
    enable_publicip: false,
    port: 6379,
    user_id: facts.userId,
    domain_name: `redis-${facts.id}.dcs.huaweicloud.com`,
    name: facts.name,
    spec_code: `redis.${facts.cacheMode}.xu1.large.r2.${facts.capacityGb}`,
    cache_mode: facts.cacheMode,
    engine_version: '5.0',
    status: facts.status,
    security_group_id: 'securityGroupId',
    enterprise_project_id: '0',
    tags: [],
    az_codes: [`${facts.region}a`, `${facts.region}b`],
    description: null,
    cpu_type: 'x86_64',
    features: {
      support_acl: true,
      support_transparent_client_ip: true,
      support_ssl: false,
      support_audit_log: false,
    },
    sub_status: 'normal',
    instance_backup_policy: facts.policy === undefined ? null : writeInstancePolicy(facts, facts.policy),
  }
}

function writeInstancePolicy(
  { createdAt }: InstanceFacts,
  policy: NonNullable<InstanceFacts['policy']>,
): Wire {
  return {
    backup_policy_id: policy.id,
    created_at: createdAt,
    updated_at: createdAt,
    policy: {
      backup_type: 'auto',
      save_days: policy.saveDays,
      periodical_backup_plan: {
        backup_at: [1, 2, 3, 4, 5, 6, 7],
        begin_at: policy.beginAt,
        period_type: 'weekly',
        timezone_offset: '+0800',
      },
    },
    tenant_id: null,
  }
}

/** What differs from one backup record to the next; times as they stand on the wire. */
export interface RecordFacts {
  readonly id: string
  readonly instanceId: string
  readonly status: 'waiting' | 'backuping' | 'succeed' | 'failed' | 'expired' | 'deleted'
  readonly createdAt: string
  readonly updatedAt: string
  readonly name: string
  readonly sizeBytes: number
  readonly automatic: boolean
  readonly restorable: boolean
  readonly period: string | null
  readonly errorCode: string | null
  readonly format?: string
  readonly remark?: string
}

/** The name of a record holds the local time of China, though every other time is UTC. */
export function nameRecord(us: number): string {
  const local = formatZulu(us + 8 * 3_600_000_000)
  return `backup_${local.slice(0, 19).replaceAll(/[-:T]/g, '')}`
}

/** A backup record with the keys of the document of 2024-11. */
export function writeRecord(facts: RecordFacts): WireRecord {
  return {
    period: facts.period,
    backup_type: facts.automatic ? 'auto' : 'manual',
    created_at: facts.createdAt,
    remark: facts.remark ?? null,
    is_support_restore: facts.restorable ? 'TRUE' : 'FALSE',
    backup_id: facts.id,
    backup_name: facts.name,
    instance_id: facts.instanceId,
    size: facts.sizeBytes,
    updated_at: facts.updatedAt,
    progress: facts.status === 'waiting' || facts.status === 'backuping' ? '0.00' : '100.00',
    error_code: facts.errorCode,
    status: facts.status,
    execution_at: facts.createdAt,
    backup_format: facts.format ?? 'rdb',
  }
}
