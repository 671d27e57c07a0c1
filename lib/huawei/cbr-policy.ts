import type { Unknown } from '../backup.ts'
import { asWire, text } from './fields.ts'

/** Whether an enabled replication policy is bound to a vault. */
export type Replicates = (vaultId: string) => boolean | Unknown

/**
 * Reads the rows of `GET /policies?operation_type=replication`. A vault that none of them names does not replicate only
 * where all of them were read (`isWhole`) and none is odd.
 */
export function readReplicates(rows: readonly unknown[], isWhole: boolean): Replicates {
  const bound = rows.map(vaultsOf)
  const vaultIds = new Set(bound.flatMap((ids) => (ids === 'unknown' ? [] : ids)))
  const isCertain = isWhole && !bound.includes('unknown')
  return (vaultId) => vaultIds.has(vaultId) || (isCertain ? false : 'unknown')
}

function vaultsOf(row: unknown): readonly string[] | Unknown {
  const wire = asWire(row)
  // A server that ignores the filter sends the policies of backups too.
  const operation = text(wire?.['operation_type'])
  if (wire?.['enabled'] === false || (operation !== undefined && operation !== 'replication')) return []
  const vaults = wire?.['associated_vaults']
  if (wire?.['enabled'] !== true || !Array.isArray(vaults)) return 'unknown'
  const ids = vaults.map((vault) => text(asWire(vault)?.['vault_id']))
  return ids.every((id) => id !== undefined) ? ids : 'unknown'
}
