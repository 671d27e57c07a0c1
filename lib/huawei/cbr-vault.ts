import type { Resource, Target, Unknown, Vault } from '../backup.ts'
import { freeMemory } from '../free-memory.ts'
import { asWire, hasNoReadable, nameOfRecord, text, textOrNumber } from './fields.ts'
import { isTooDeep } from './nesting.ts'

/** What a vault is about to let go; the documents know `removing` alone, the recordings show `deleted` too. */
const LETTING_GO = new Set(['deleted', 'removing'])

/** What one row of `GET /vaults` turned out to be: a vault, or a sentence that says why it is none. */
export interface VaultReading {
  readonly vault: Vault | undefined
  readonly malformed: readonly string[]
}

/** What a vault holds. */
export interface Holdings {
  readonly resources: readonly Resource[]
  readonly malformed: readonly string[]
  /** Why resources of it may exist that are not listed. */
  readonly blindSpot?: string
}

/**
 * What is wanted of one row of `GET /vaults`, its resources as bytes beside the heap: those of all vaults together are many, and wait until
 * the last vault is read. Rows that cannot be read stay whole, to be told of.
 */
export function keepOfVault(row: unknown): unknown {
  const wire = asWire(row)
  if (wire === undefined || !text(wire['id'])) return row
  const { id, name, enterprise_project_id, resources } = wire
  const kept = Array.isArray(resources) ? packed(resources.map(keepOfResource)) : resources
  return { id, name, enterprise_project_id, resources: kept }
}

/** Reads one row of `GET /vaults`, but for what the vault holds. */
export function toVault(row: unknown, replicates: (vaultId: string) => boolean | Unknown): VaultReading {
  const wire = asWire(row)
  const id = text(wire?.['id'])
  if (wire === undefined || !id)
    return {
      vault: undefined,
      malformed: [`${nameOfRecord('vault', wire, 'id')} ${hasNoReadable(wire, ['id'])}`],
    }
  const vault: Vault = {
    id,
    name: text(wire['name']),
    enterpriseProjectId: textOrNumber(wire['enterprise_project_id']),
    replicates: replicates(id),
  }
  return { vault, malformed: [] }
}

/** Reads what the vault of a row holds, once: its bytes are let go. */
export function toHoldings(row: unknown, target: Target, vault: Vault): Holdings {
  // An empty vault has an empty list; no list at all may hide resources that nobody backs up.
  const held = asWire(row)?.['resources']
  const rows = Buffer.isBuffer(held) ? unpacked(held) : held
  if (!Array.isArray(rows))
    return { resources: [], malformed: [], blindSpot: 'The vault does not say what it holds' }
  const readings = rows.map((resource) => toResource(resource, target, vault))
  return {
    resources: readings.filter((reading): reading is Resource => typeof reading !== 'string'),
    malformed: readings.filter((reading) => typeof reading === 'string'),
  }
}

function keepOfResource(row: unknown): unknown {
  const wire = asWire(row)
  if (wire === undefined || !text(wire['id'])) return row
  const { id, name, type, protect_status } = wire
  return { id, name, type, protect_status }
}

function packed(rows: readonly unknown[]): Buffer | readonly unknown[] {
  return isTooDeep(rows) ? rows : Buffer.from(JSON.stringify(rows))
}

function unpacked(bytes: Buffer): unknown {
  const rows: unknown = JSON.parse(bytes.toString())
  freeMemory(bytes)
  return rows
}

function toResource(row: unknown, target: Target, vault: Vault): Resource | string {
  const wire = asWire(row)
  const id = text(wire?.['id'])
  if (wire === undefined || !id) {
    return `${nameOfRecord('resource', wire, 'id')} of vault ${JSON.stringify(vault.id)} ${hasNoReadable(wire, ['id'])}`
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
