import type { Unknown } from '../backup.ts'
import { asWire, text } from './fields.ts'

/** Whether an enabled replication policy is bound to a vault. */
export type Replicates = (vaultId: string) => boolean | Unknown

/** The vaults that an enabled replication policy is bound to, as plain data. */
export interface ReplicatingVaults {
  readonly vaultIds: readonly string[]
  /** Whether no other vault has one. */
  readonly areAll: boolean
}

/** Where nothing was asked, or nothing was answered. */
export const UNKNOWN_REPLICATION: ReplicatingVaults = { vaultIds: [], areAll: false }

/**
 * Reads the rows of `GET /policies?operation_type=replication`. A vault that none of them names does not replicate only
 * where all of them were read (`isWhole`) and none is odd.
 */
export function readReplicatingVaults(rows: readonly unknown[], isWhole: boolean): ReplicatingVaults {
  const bound = rows.map(vaultsOf)
  const vaultIds = bound.flatMap((ids) => (ids === 'unknown' ? [] : ids))
  return { vaultIds, areAll: isWhole && !bound.includes('unknown') }
}

/** What can be said of a single vault. */
export function replicatesAmong({ vaultIds, areAll }: ReplicatingVaults): Replicates {
  const known = new Set(vaultIds)
  return (vaultId) => known.has(vaultId) || (areAll ? false : 'unknown')
}

function vaultsOf(row: unknown): readonly string[] | Unknown {
  const wire = asWire(row)
  // A server that ignores the filter sends the policies of backups too.
  const operation = text(wire?.['operation_type']) ?? 'replication'
  if (wire?.['enabled'] === false || operation === 'backup') return []
  const vaults = wire?.['associated_vaults']
  if (operation !== 'replication' || wire?.['enabled'] !== true || !Array.isArray(vaults)) return 'unknown'
  const ids = vaults.map((vault) => text(asWire(vault)?.['vault_id']))
  return ids.every((id) => id !== undefined) ? ids : 'unknown'
}
