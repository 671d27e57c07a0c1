import type { Action, ProjectCall } from '../action.ts'
import { type CheckpointOrder, readCheckpointOrder } from '../checkpoint-order.ts'
import { chooseResources, findVault, sortOut } from '../checkpoint-scope.ts'
import type { Wire, WireBackup, WireVault } from '../fleet.ts'
import { answer } from '../reply.ts'
import { formatStamp } from '../stamp.ts'
import { billingOf } from '../vault-usage.ts'
import { PROVIDERS, type ResourceType, writeBackup } from '../write-backup.ts'

/**
 * `POST /checkpoints`: 200 at once, `protecting`; the backups become available after `checkpointMs`. There is no
 * idempotency key: the same body twice is two checkpoints, or 6125 while the first one runs.
 */
export const createCheckpoint: Action = {
  id: 'cbr.checkpoints',
  service: 'cbr',
  method: 'POST',
  path: '/v3/{project_id}/checkpoints',
  scope: 'project',
  run: (call) => {
    const order = readCheckpointOrder(call.body)
    const vault = findVault(call, order.vaultId)
    const { accepted, skipped } = sortOut(chooseResources(call, vault, order), call.quirks.skips)
    const checkpoint = describeCheckpoint(call, vault, order, accepted, skipped)
    call.project.checkpoints.set(String(checkpoint['id']), checkpoint)
    const backups = accepted.map((resource, index) =>
      startBackup(call, vault, order, checkpoint, resource, accepted.length > 1 ? index + 1 : undefined),
    )
    finishLater(call, vault, checkpoint, accepted, backups)
    // The answer is what stood at this moment; the checkpoint itself moves on.
    return answer(JSON.stringify({ checkpoint }))
  },
}

function describeCheckpoint(
  { project, state, nowUs }: ProjectCall,
  vault: WireVault,
  order: CheckpointOrder,
  accepted: readonly Wire[],
  skipped: readonly Wire[],
): Wire {
  return {
    id: state.dice.uuid(),
    project_id: project.id,
    status: 'protecting',
    vault: {
      id: vault.id,
      name: vault['name'],
      resources: accepted.map(describeResource),
      skipped_resources: skipped,
    },
    created_at: formatStamp(nowUs),
    extra_info: { name: order.name, description: order.description, retention_duration: -1 },
  }
}

/** Sizes are strings here, numbers in the documents. */
function describeResource(resource: Wire): Wire {
  return {
    id: resource['id'],
    type: resource['type'],
    name: resource['name'],
    extra_info: '{}',
    resource_size: String(resource['size'] ?? 0),
    backup_size: String(resource['backup_size'] ?? 0),
    backup_size_multiaz: '0',
    backup_count: String(resource['backup_count'] ?? 0),
    protect_status: resource['protect_status'] ?? 'available',
    auto_protect: resource['auto_protect'] === false ? 'False' : 'True',
  }
}

function startBackup(
  { project, state, nowUs }: ProjectCall,
  vault: WireVault,
  order: CheckpointOrder,
  checkpoint: Wire,
  resource: Wire,
  ordinal: number | undefined,
): WireBackup {
  const id = state.dice.uuid()
  const base = order.name || `${order.automatic ? 'autobk' : 'manualbk'}_${id.slice(0, 4)}`
  const createdAt = formatStamp(nowUs + (ordinal ?? 0))
  const backup = writeBackup({
    id,
    checkpointId: String(checkpoint['id']),
    projectId: project.id,
    vaultId: String(vault.id),
    name: ordinal === undefined ? base : `${base}_${String(ordinal).padStart(4, '0')}`,
    resource: {
      id: String(resource['id']),
      name: String(resource['name'] ?? ''),
      type: typeOf(resource),
      sizeGb: Number(resource['size'] ?? 0),
      az: `${project.region}a`,
    },
    status: 'protecting',
    createdAt,
    protectedAt: null,
    updatedAt: createdAt,
    expiredAt: null,
    incremental: order.incremental,
    automatic: order.automatic,
    description: order.description,
    snapshotId: state.dice.uuid(),
  })
  project.backups.insert(backup)
  resource['protect_status'] = 'protecting'
  return backup
}

function typeOf({ type }: Wire): ResourceType {
  return type === 'OS::Cinder::Volume' || type === 'OS::Sfs::Turbo' ? type : 'OS::Nova::Server'
}

function finishLater(
  { state, nowUs, quirks }: ProjectCall,
  vault: WireVault,
  checkpoint: Wire,
  resources: readonly Wire[],
  backups: readonly WireBackup[],
): void {
  const dueUs = nowUs + state.timings.checkpointMs * 1000
  const status = quirks.fails ? 'error' : 'available'
  state.later(dueUs, () => {
    checkpoint['status'] = status
    for (const backup of backups) {
      Object.assign(backup, { status, updated_at: formatStamp(dueUs) })
      if (backup['provider_id'] !== PROVIDERS['OS::Cinder::Volume'])
        backup['protected_at'] = formatStamp(dueUs)
    }
    for (const resource of resources) {
      resource['protect_status'] = quirks.fails ? 'error' : 'available'
      resource['backup_count'] = Number(resource['backup_count'] ?? 0) + 1
    }
    const billing = billingOf(vault)
    billing['used'] = Number(billing['used'] ?? 0) + backups.length * MB_PER_INCREMENT
  })
}

const MB_PER_INCREMENT = 100
