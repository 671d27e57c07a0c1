import type { Resource, Target, Unknown, Vault } from '../backup.ts'
import { asWire, nameOfRecord, text, textOrNumber } from './fields.ts'

/** What a vault is about to let go; the documents know `removing` alone, the recordings show `deleted` too. */
const LETTING_GO = new Set(['deleted', 'removing'])

/** What one row of `GET /vaults` turned out to be. */
export interface VaultReading {
  readonly vault: Vault | undefined
  readonly resources: readonly Resource[]
  readonly malformed: readonly string[]
  /** Why resources of it may exist that are not listed. */
  readonly blindSpot?: string
}

/** Reads one row of `GET /vaults` into the vault and the resources that it holds. */
export function toVault(
  row: unknown,
  target: Target,
  replicates: (vaultId: string) => boolean | Unknown,
): VaultReading {
  const wire = asWire(row)
  const id = text(wire?.['id'])
  if (wire === undefined || !id) {
    return {
      vault: undefined,
      resources: [],
      malformed: [`${nameOfRecord('vault', wire, 'id')} has no readable id`],
    }
  }
  const vault: Vault = {
    id,
    name: text(wire['name']),
    enterpriseProjectId: textOrNumber(wire['enterprise_project_id']),
    replicates: replicates(id),
  }
  // An empty vault has an empty list; no list at all may hide resources that nobody backs up.
  const rows = wire['resources']
  if (!Array.isArray(rows)) {
    return { vault, resources: [], malformed: [], blindSpot: 'The vault does not say what it holds' }
  }
  const readings = rows.map((resource) => toResource(resource, target, vault))
  return {
    vault,
    resources: readings.filter((reading): reading is Resource => typeof reading !== 'string'),
    malformed: readings.filter((reading) => typeof reading === 'string'),
  }
}

function toResource(row: unknown, target: Target, vault: Vault): Resource | string {
  const wire = asWire(row)
  const id = text(wire?.['id'])
  if (wire === undefined || !id) {
    return `${nameOfRecord('resource', wire, 'id')} of vault ${JSON.stringify(vault.id)} has no readable id`
  }
  return {
    service: target.service,
    region: target.region,
    projectId: target.projectId,
    id,
    name: text(wire['name']),
    type: text(wire['type']),
    vault,
    enterpriseProjectId: vault.enterpriseProjectId,
    canBeBackedUp: true,
    held: !LETTING_GO.has(text(wire['protect_status']) ?? ''),
  }
}
