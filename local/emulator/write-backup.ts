import type { Wire, WireBackup } from './fleet.ts'

/** The types of resource that the documents know; requests may name them all. */
export const DOCUMENTED_TYPES: readonly string[] = [
  'OS::Nova::Server',
  'OS::Cinder::Volume',
  'OS::Ironic::BareMetalServer',
  'OS::Native::Server',
  'OS::Sfs::Turbo',
  'OS::Workspace::DesktopV2',
]

/** What CBR can back up here, each with its provider; the provider ids are Huawei's own. */
export const PROVIDERS = {
  'OS::Nova::Server': '0daac4c5-6707-4851-97ba-169e36266b66',
  'OS::Cinder::Volume': 'd1603440-187d-4516-af25-121250c7cc97',
  'OS::Sfs::Turbo': '3f3c3220-245c-4805-b811-758870015881',
} as const
export type ResourceType = keyof typeof PROVIDERS

/** What differs from one backup to the next; times as they stand on the wire. */
export interface BackupFacts {
  readonly id: string
  readonly checkpointId: string
  readonly projectId: string
  readonly vaultId: string
  readonly name: string
  readonly resource: {
    readonly id: string
    readonly name: string
    readonly type: ResourceType
    readonly sizeGb: number
    readonly az: string
  }
  readonly status: string
  readonly createdAt: string
  readonly protectedAt: string | null
  readonly updatedAt: string
  readonly expiredAt: string | null
  readonly incremental: boolean
  readonly automatic: boolean
  readonly imageType?: 'backup' | 'replication'
  readonly parentId?: string
  readonly description?: string
  readonly snapshotId?: string
  readonly children?: WireBackup[]
  readonly replicationRecords?: Wire[]
}

/** A backup with the keys, in the order, of the recording of 2025-03-25 (ap-southeast-1). */
export function writeBackup(facts: BackupFacts): WireBackup {
  const { resource } = facts
  return {
    children: facts.children ?? NO_CHILDREN,
    checkpoint_id: facts.checkpointId,
    created_at: facts.createdAt,
    description: facts.description ?? '',
    expired_at: facts.expiredAt,
    extend_info: extendInfo(facts),
    id: facts.id,
    image_type: facts.imageType ?? 'backup',
    incremental: facts.incremental,
    name: facts.name,
    parent_id: facts.parentId ?? null,
    project_id: facts.projectId,
    // Recorded null for volumes, a time for servers.
    protected_at: resource.type === 'OS::Cinder::Volume' ? null : facts.protectedAt,
    provider_id: PROVIDERS[resource.type],
    resource_az: resource.az,
    resource_id: resource.id,
    resource_name: resource.name,
    scheduled_operation_id: null,
    resource_size: resource.sizeGb,
    resource_type: resource.type,
    status: facts.status,
    updated_at: facts.updatedAt,
    vault_id: facts.vaultId,
    version: 3,
    replication_records: facts.replicationRecords ?? NO_RECORDS,
  }
}

// Equal parts are one frozen object in all backups: a million of them would not fit otherwise.
const NO_CHILDREN: readonly WireBackup[] = Object.freeze([])
const NO_RECORDS: readonly Wire[] = Object.freeze([])

const CONSISTENCY = Object.freeze({
  app_consistency: '0',
  app_consistency_status: '0',
  app_consistency_error_code: '0',
  app_consistency_error_message: '',
})

const SERVER_INFO = [false, true].map((automatic) =>
  Object.freeze({
    auto_trigger: automatic,
    bootable: null,
    os_images_data: null,
    progress: null,
    snapshot_id: null,
    support_lld: true,
    supported_restore_mode: 'backup',
    system_disk: false,
    is_multi_az: false,
    encrypted_algorithm: null,
    is_dec: false,
    app_consistency: CONSISTENCY,
    contain_system_disk: true,
    encrypted: false,
    architecture: 'x86_64',
  }),
)

const TURBO_INFO = SERVER_INFO.map((shared) =>
  Object.freeze({ ...shared, app_consistency: null, contain_system_disk: false, architecture: null }),
)

function extendInfo({ resource, automatic, snapshotId, status }: BackupFacts): Wire {
  if (resource.type === 'OS::Nova::Server') return SERVER_INFO[Number(automatic)] ?? {}
  if (resource.type === 'OS::Sfs::Turbo') return TURBO_INFO[Number(automatic)] ?? {}
  return {
    auto_trigger: automatic,
    bootable: false,
    os_images_data: null,
    progress: status === 'protecting' ? 0 : 100,
    snapshot_id: snapshotId ?? null,
    support_lld: true,
    supported_restore_mode: null,
    system_disk: false,
    is_multi_az: false,
    encrypted_algorithm: null,
    is_dec: false,
    app_consistency: null,
    encrypted: false,
  }
}
