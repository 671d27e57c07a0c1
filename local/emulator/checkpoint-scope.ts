import type { ProjectCall } from './action.ts'
import type { CheckpointOrder } from './checkpoint-order.ts'
import type { Wire, WireVault } from './fleet.ts'
import { refuseCbr } from './reply.ts'
import { billingOf, resourcesOf, usedPercent } from './vault-usage.ts'

/** The vault to back up, or CBR's refusal; the order of these checks is a guess, the codes are the documents'. */
export function findVault({ project }: ProjectCall, vaultId: string): WireVault {
  const vault = project.vaults.find(({ id }) => id === vaultId)
  if (vault === undefined) throw refuseCbr(404, '6105', `Vault ${vaultId} could not be found.`)
  const billing = billingOf(vault)
  if (billing['protect_type'] === 'replication')
    throw refuseCbr(400, '6124', `Vault ${vaultId} is a replication vault and takes no backups.`)
  if (billing['status'] !== undefined && billing['status'] !== 'available')
    throw refuseCbr(400, '6113', `Vault ${vaultId} cannot be backed up, its status is ${billing['status']}.`)
  if (usedPercent(vault) >= 100)
    throw refuseCbr(400, '6114', `Vault ${vaultId} is full: the space used exceeds its size.`)
  return vault
}

/** What is asked for: the named resources, or everything in the vault. */
export function chooseResources(
  { project }: ProjectCall,
  vault: WireVault,
  order: CheckpointOrder,
): readonly Wire[] {
  const held = resourcesOf(vault)
  if (order.resourceIds.length === 0) {
    if (held.length === 0) throw refuseCbr(400, '0001', `Vault ${vault.id} has nothing to back up.`)
    return held
  }
  return order.resourceIds.map((id) => {
    const resource = held.find((candidate) => candidate['id'] === id)
    if (resource !== undefined) return resource
    const elsewhere = project.vaults.some((other) => resourcesOf(other).some((entry) => entry['id'] === id))
    if (elsewhere) throw refuseCbr(400, '6135', `Resource ${id} is not in vault ${vault.id}.`)
    throw refuseCbr(404, '6302', `Resource ${id} could not be found.`)
  })
}

/** A resource that cannot be backed up now is skipped, and the answer is still 200; but when all of them are busy there is no new checkpoint. */
export function sortOut(
  resources: readonly Wire[],
  skips: number,
): { accepted: readonly Wire[]; skipped: readonly Wire[] } {
  const judged = resources.map((resource, index) => ({
    resource,
    obstacle: obstacleOf(resource) ?? (index < skips ? OCCUPIED : undefined),
  }))
  if (judged.every(({ obstacle }) => obstacle === BUSY))
    throw refuseCbr(400, '6125', 'A backup task of the vault is already running.')
  return {
    accepted: judged.filter(({ obstacle }) => obstacle === undefined).map(({ resource }) => resource),
    skipped: judged.flatMap(({ resource, obstacle }) =>
      obstacle === undefined
        ? []
        : [{ id: resource['id'], type: resource['type'], name: resource['name'], ...obstacle }],
    ),
  }
}

const BUSY = { code: 'BackupService.0002', reason: 'The resource is being backed up.' } as const
const GONE = { code: 'BackupService.7100', reason: 'The resource could not be found.' } as const
const OCCUPIED = {
  code: 'BackupService.6215',
  reason: 'The status of the resource forbids a backup.',
} as const

function obstacleOf({ protect_status: status }: Wire): { code: string; reason: string } | undefined {
  if (status === 'protecting') return BUSY
  if (status === 'deleted') return GONE
  return status === 'restoring' || status === 'removing' ? OCCUPIED : undefined
}
