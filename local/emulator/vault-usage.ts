import type { Wire, WirePolicy, WireVault } from './fleet.ts'

/** How full a vault is: `billing.used` is in MB, `billing.size` in GB; 0 where either is missing. */
export function usedPercent(vault: WireVault): number {
  const { used, size } = billingOf(vault)
  if (typeof used !== 'number' || typeof size !== 'number' || size <= 0) return 0
  return (used / (size * 1024)) * 100
}

/** The billing of a vault, empty where a test planted something else. */
export function billingOf(vault: WireVault): Wire {
  return isWire(vault.billing) ? vault.billing : {}
}

/** The resources of a vault that are objects. */
export function resourcesOf(vault: WireVault): readonly Wire[] {
  return Array.isArray(vault.resources) ? vault.resources.filter(isWire) : []
}

/** The ids of the vaults that carry a policy. */
export function vaultIdsOf(policy: WirePolicy): readonly unknown[] {
  const { associated_vaults: associated } = policy
  return Array.isArray(associated) ? associated.filter(isWire).map((entry) => entry['vault_id']) : []
}

/** Whether a value is a JSON object. */
export function isWire(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
