import type { Backup, Replication, Target, Unknown, Vault } from '../backup.ts'
import {
  asWire,
  describeMalformed,
  flag,
  nullableTime,
  optionalTime,
  quantity,
  requiredText,
  requiredTime,
  text,
  textOrNumber,
  type Wire,
} from './fields.ts'
import type { LookedAt } from './rows/pattern.ts'

/** CBR gives sizes in GB and means 2^30 bytes. */
const BYTES_PER_GB = 2 ** 30

/** Finds the vault of an id; one that is not in the list of vaults has no name, but may be known to replicate. */
export type VaultOf = (vaultId: string) => Vault

/** What one row of `GET /backups` turned out to be: a backup, or a sentence that says why it cannot be judged. */
export interface BackupReading {
  readonly backup: Backup | undefined
  /** Sentences about the row itself or about children of it that cannot be judged. */
  readonly malformed: readonly string[]
  /** The row itself where there is no backup to keep of it. */
  readonly wire?: unknown
}

/** Nothing of it is looked at but itself. */
const ITSELF: LookedAt = {}

const LOOKED_AT_IN_CHILD: LookedAt = {
  id: ITSELF,
  name: ITSELF,
  // Where a row has no id, what names it is told.
  backup_name: ITSELF,
  status: ITSELF,
  image_type: ITSELF,
  created_at: ITSELF,
  updated_at: ITSELF,
  expired_at: ITSELF,
  resource_id: ITSELF,
  resource_name: ITSELF,
  resource_type: ITSELF,
  resource_size: ITSELF,
  vault_id: ITSELF,
  enterprise_project_id: ITSELF,
  incremental: ITSELF,
  extend_info: { incremental: ITSELF },
  replication_records: {
    id: ITSELF,
    status: ITSELF,
    created_at: ITSELF,
    destination_region: ITSELF,
    extra_info: { fail_code: ITSELF, fail_reason: ITSELF },
  },
}

/** All that is looked at in a row. */
export const LOOKED_AT: LookedAt = {
  ...LOOKED_AT_IN_CHILD,
  parent_id: ITSELF,
  children: LOOKED_AT_IN_CHILD,
}

const NONE: readonly never[] = []

/** Reads one row of `GET /backups`; whatever is odd in it makes only itself unknown, unless the id, the status or the time is missing. */
export function toBackup(row: unknown, target: Target, vaultOf: VaultOf): BackupReading {
  return readBackup(row, target, vaultOf, undefined)
}

function readBackup(
  row: unknown,
  target: Target,
  vaultOf: VaultOf,
  parentId: string | undefined,
): BackupReading {
  const wire = asWire(row)
  const id = text(wire?.['id'])
  const createdAt = requiredTime(wire?.['created_at'])
  const status = text(wire?.['status'])
  if (wire === undefined || !id || createdAt === 'unknown' || status === undefined) {
    const [kind, owner] =
      parentId === undefined ? ['backup', ''] : ['child backup', ` of backup ${JSON.stringify(parentId)}`]
    return { backup: undefined, malformed: [describeMalformed(kind, wire, 'id', owner)], wire: row }
  }
  const extendInfo = asWire(wire['extend_info'])
  const vaultId = text(wire['vault_id'])
  const vault = vaultId === undefined ? undefined : vaultOf(vaultId)
  const sizeGb = quantity(wire['resource_size'])
  const family = readChildren(wire, target, vaultOf, parentId === undefined ? id : undefined)
  const backup: Backup = {
    service: target.service,
    region: target.region,
    projectId: target.projectId,
    id,
    // A child that is listed by itself names its parent too.
    parentId: parentId ?? text(wire['parent_id']),
    name: text(wire['name']),
    status,
    imageType: requiredText(wire['image_type']),
    createdAt,
    updatedAt: optionalTime(wire['updated_at']),
    expiredAt: nullableTime(wire['expired_at']),
    resourceId: requiredText(wire['resource_id']),
    resourceName: text(wire['resource_name']),
    resourceType: text(wire['resource_type']),
    // The id as the vault has it: one text for all backups in it.
    vaultId: vault?.id,
    vault,
    enterpriseProjectId: textOrNumber(wire['enterprise_project_id']),
    sizeBytes: sizeGb === undefined ? undefined : sizeGb * BYTES_PER_GB,
    // The older document puts `incremental` into extend_info.
    incremental: flag(wire['incremental']) ?? flag(extendInfo?.['incremental']),
    replications: readReplications(wire['replication_records']),
    restorable: true,
    errorCode: undefined,
    children: family.children,
  }
  return { backup, malformed: family.malformed }
}

function readChildren(
  wire: Wire,
  target: Target,
  vaultOf: VaultOf,
  parentId: string | undefined,
): { readonly children: Backup['children']; readonly malformed: readonly string[] } {
  // One level: children of children are not judged, and a missing or null list is an empty one.
  const rows = parentId === undefined ? undefined : wire['children']
  if (parentId === undefined || rows === undefined || rows === null)
    return { children: NONE, malformed: NONE }
  if (!Array.isArray(rows)) return { children: 'unknown', malformed: NONE }
  if (rows.length === 0) return { children: NONE, malformed: NONE }
  const readings = rows.map((row) => readBackup(row, target, vaultOf, parentId))
  return {
    children: readings.flatMap(({ backup }) => (backup === undefined ? [] : [backup])),
    malformed: readings.flatMap(({ malformed }) => malformed),
  }
}

/** Absent, null and empty mean that there is no copy: we always ask with `show_replication=true`. */
function readReplications(value: unknown): readonly Replication[] | Unknown {
  if (value === undefined || value === null) return NONE
  if (!Array.isArray(value)) return 'unknown'
  return value.length === 0 ? NONE : value.map(readReplication)
}

function readReplication(row: unknown): Replication {
  const wire = asWire(row)
  const extraInfo = readExtraInfo(wire?.['extra_info'])
  return {
    id: text(wire?.['id']) ?? '',
    status: requiredText(wire?.['status']),
    createdAt: optionalTime(wire?.['created_at']),
    destinationRegion: text(wire?.['destination_region']),
    failCode: textOrNumber(extraInfo?.['fail_code']) || undefined,
    failReason: text(extraInfo?.['fail_reason']) || undefined,
  }
}

/** An object, or the same object as JSON text (the older document types it as a String). */
function readExtraInfo(value: unknown): Wire | undefined {
  if (typeof value !== 'string') return asWire(value)
  try {
    return asWire(JSON.parse(value))
  } catch {
    return undefined
  }
}
