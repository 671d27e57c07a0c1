import type { Backup, Target, Vault } from '../backup.ts'
import { REPLICATION_PROJECTION, readReplications } from './cbr-replication.ts'
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
import { type Projection, WHOLE } from './rows/pattern.ts'

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

const CHILD_PROJECTION: Projection = {
  id: WHOLE,
  name: WHOLE,
  // Where a row has no id, what names it is told.
  backup_name: WHOLE,
  status: WHOLE,
  image_type: WHOLE,
  created_at: WHOLE,
  updated_at: WHOLE,
  expired_at: WHOLE,
  resource_id: WHOLE,
  resource_name: WHOLE,
  resource_type: WHOLE,
  resource_size: WHOLE,
  vault_id: WHOLE,
  enterprise_project_id: WHOLE,
  incremental: WHOLE,
  extend_info: { incremental: WHOLE },
  replication_records: REPLICATION_PROJECTION,
}

/** All that `toBackup` reads of a row. */
export const BACKUP_PROJECTION: Projection = {
  ...CHILD_PROJECTION,
  parent_id: WHOLE,
  children: CHILD_PROJECTION,
}

const NONE: readonly never[] = []
const CHILDLESS = { children: NONE, malformed: NONE }

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
  if (parentId === undefined || rows === undefined || rows === null) return CHILDLESS
  if (!Array.isArray(rows)) return { children: 'unknown', malformed: NONE }
  if (rows.length === 0) return CHILDLESS
  const readings = rows.map((row) => readBackup(row, target, vaultOf, parentId))
  return {
    children: readings.flatMap(({ backup }) => (backup === undefined ? [] : [backup])),
    malformed: readings.flatMap(({ malformed }) => malformed),
  }
}
