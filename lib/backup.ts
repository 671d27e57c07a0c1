import type { Instant } from './time.ts'

/** The Huawei services whose backups we read. */
export const SERVICES = ['cbr', 'dcs'] as const
export type Service = (typeof SERVICES)[number]

/** The statuses that Huawei documents: CBR "Querying Backups" 2024-06, DCS v2 "Listing Backup Records" 2024-11. */
export const STATUSES = {
  cbr: [
    'available',
    'protecting',
    'deleting',
    'restoring',
    'error',
    'waiting_protect',
    'waiting_delete',
    'waiting_restore',
  ],
  dcs: ['waiting', 'backuping', 'succeed', 'failed', 'expired', 'deleted'],
} as const satisfies Record<Service, readonly string[]>

/**
 * Stands where Huawei left out a field that a judgement may need, or sent one of the wrong type.
 * `undefined` beside it means that the field is rightly absent (`expired_at: null` never expires).
 * `string | Unknown` is said to people: to TypeScript it is plain `string`, which asks nobody to check.
 */
export type Unknown = 'unknown'

/** One service of one project in one region: what is listed by itself and gets a verdict of its own. */
export interface Target {
  readonly service: Service
  readonly region: string
  readonly projectId: string
}

/** A vault as far as its backups need it. */
export interface Vault {
  readonly id: string
  readonly name: string | undefined
  readonly enterpriseProjectId: string | undefined
  /** Whether an enabled replication policy is bound to it: what `replication.required: auto` asks. */
  readonly replicates: boolean | Unknown
}

/** One attempt to copy a backup elsewhere. */
export interface Replication {
  readonly id: string
  readonly status: string | Unknown
  readonly createdAt: Instant | undefined | Unknown
  readonly destinationRegion: string | undefined
  readonly failCode: string | undefined
  readonly failReason: string | undefined
}

/** A backup of CBR or a backup record of DCS, in one shape; enum values are kept as Huawei spells them. */
export interface Backup extends Target {
  readonly id: string
  /** The backup that holds this one. */
  readonly parentId: string | undefined
  readonly name: string | undefined
  readonly status: string
  /** `backup` or `replication`; a DCS record is always a `backup`. */
  readonly imageType: string | Unknown
  readonly createdAt: Instant
  readonly updatedAt: Instant | undefined | Unknown
  readonly expiredAt: Instant | undefined | Unknown
  readonly resourceId: string | Unknown
  readonly resourceName: string | undefined
  readonly resourceType: string | undefined
  readonly vaultId: string | undefined
  /** Undefined where the backup names none, and for DCS. */
  readonly vault: Vault | undefined
  readonly enterpriseProjectId: string | undefined
  readonly sizeBytes: number | undefined
  readonly incremental: boolean | undefined
  readonly replications: readonly Replication[] | Unknown
  /** DCS `is_support_restore`; always true for CBR. */
  readonly restorable: boolean | Unknown
  readonly errorCode: string | undefined
  readonly children: readonly Backup[] | Unknown
}

/** What is remembered of a backup once it has been judged: all but what hangs on it, and what only its own verdict needs. */
export type BackupFacts = Omit<Backup, 'updatedAt' | 'replications' | 'children'>

/** Something that is to be protected: a resource in a vault, or a DCS instance. */
export interface Resource extends Target {
  readonly id: string
  readonly name: string | undefined
  readonly type: string | undefined
  readonly vault: Vault | undefined
  readonly enterpriseProjectId: string | undefined
  readonly canBeBackedUp: boolean | Unknown
  /** False for what a vault is about to let go (`protect_status` `deleted`, `removing`): it counts only where a backup lists it. */
  readonly held: boolean
}

/** What the cloud tells an audit, one thing at a time. */
export type Observation =
  | { readonly kind: 'resource'; readonly resource: Resource }
  | { readonly kind: 'backup'; readonly backup: Backup }
  /** A place (`id` of a vault) where resources may be that Huawei did not list: what is asked of whole resources is unknown there. */
  | { readonly kind: 'blind-spot'; readonly target: Target; readonly id: string; readonly because: string }
