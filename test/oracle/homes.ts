import { isCopy, newest } from './recovery.ts'
import { enterprise, type Held, type Instance, type Seen, type Sight, text } from './seen.ts'

/** A resource, where it lives, and its backups in all targets. */
export interface Resource {
  readonly service: 'cbr' | 'dcs'
  readonly region: string
  readonly project_id: string
  readonly enterprise_project_id: string | null
  readonly vault_id: string | null
  readonly vault_name: string | null
  readonly resource_id: string
  readonly resource_name: string | null
  readonly resource_type: string | null
  readonly can_be_backed_up: boolean | null
  readonly backups: readonly Seen[]
}

/** Every resource of the audit, one each. */
export function listResources(sight: Sight): Resource[] {
  return [...listCbr(sight), ...sight.instances.map((instance) => fromInstance(instance, sight))]
}

function listCbr(sight: Sight): Resource[] {
  const backups = sight.backups.filter((seen) => seen.service === 'cbr')
  const ids = new Set([
    ...sight.held.filter((one) => one.held).map((one) => one.resourceId),
    ...backups.flatMap((seen) => (seen.resource_id === null ? [] : [seen.resource_id])),
  ])
  return [...ids].flatMap((id) => {
    const own = backups.filter((seen) => seen.resource_id === id)
    const [home] = sight.held.filter((one) => one.resourceId === id).sort(byClaim)
    if (home !== undefined) return [fromVault(home, own)]
    const witness = representative(own)
    return witness === undefined ? [] : [fromBackup(witness, id, own)]
  })
}

function byClaim(a: Held, b: Held): number {
  if (a.held !== b.held) return a.held ? -1 : 1
  return a.vaultId < b.vaultId ? -1 : 1
}

/** The newest backup, else the newest copy, else the newest of those that are neither. */
function representative(backups: readonly Seen[]): Seen | undefined {
  return (
    newest(backups.filter((seen) => seen.wire.image_type === 'backup')) ??
    newest(backups.filter(isCopy)) ??
    newest(backups)
  )
}

function fromVault({ project, vault, vaultId, resourceId, entry }: Held, backups: readonly Seen[]): Resource {
  const witness = representative(backups)
  return {
    service: 'cbr',
    region: project.region,
    project_id: project.id,
    enterprise_project_id: enterprise(vault.enterprise_project_id),
    vault_id: vaultId,
    vault_name: text(vault.name),
    resource_id: resourceId,
    resource_name: text(entry.name) ?? witness?.resource_name ?? null,
    resource_type: text(entry.type) ?? witness?.resource_type ?? null,
    can_be_backed_up: true,
    backups,
  }
}

function fromBackup(witness: Seen, id: string, backups: readonly Seen[]): Resource {
  return {
    service: 'cbr',
    region: witness.region,
    project_id: witness.project_id,
    enterprise_project_id: witness.enterprise_project_id,
    vault_id: witness.vault_id,
    vault_name: witness.vault_name,
    resource_id: id,
    resource_name: witness.resource_name,
    resource_type: witness.resource_type,
    can_be_backed_up: true,
    backups,
  }
}

function fromInstance({ project, id, wire }: Instance, sight: Sight): Resource {
  return {
    service: 'dcs',
    region: project.region,
    project_id: project.id,
    enterprise_project_id: enterprise(wire.enterprise_project_id),
    vault_id: null,
    vault_name: null,
    resource_id: id,
    resource_name: text(wire.name),
    resource_type: 'DCS::Instance',
    can_be_backed_up: typeof wire.cache_mode === 'string' ? wire.cache_mode !== 'single' : null,
    backups: sight.backups.filter((seen) => seen.service === 'dcs' && seen.resource_id === id),
  }
}
