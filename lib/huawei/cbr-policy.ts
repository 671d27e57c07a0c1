import { asWire, text } from './fields.ts'

/** The ids of the vaults that an enabled replication policy is bound to, from the rows of `GET /policies?operation_type=replication`. */
export function replicatingVaults(rows: readonly unknown[]): ReadonlySet<string> {
  return new Set(rows.flatMap(vaultsOf))
}

function vaultsOf(row: unknown): readonly string[] {
  const wire = asWire(row)
  const vaults = wire?.['associated_vaults']
  if (wire?.['enabled'] !== true || !Array.isArray(vaults)) return []
  return vaults.flatMap((vault) => text(asWire(vault)?.['vault_id']) ?? [])
}
