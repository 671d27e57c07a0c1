import type { Action, ProjectCall } from '../action.ts'
import { findBackup } from '../find-backup.ts'
import type { Wire, WireBackup } from '../fleet.ts'
import { parseBody } from '../json-body.ts'
import { REFUSE_PARAMETER } from '../query.ts'
import { answer, refuseCbr } from '../reply.ts'
import { formatStamp } from '../stamp.ts'
import type { Project } from '../state.ts'
import { billingOf, isWire } from '../vault-usage.ts'
import { writeReplicationRecord } from '../write-replication-record.ts'

/** `POST /backups/{id}/replicate`: a record at once, `replicating`; after `replicationMs` the copy stands in the other project. */
export const replicateBackup: Action = {
  id: 'cbr.replicate',
  service: 'cbr',
  method: 'POST',
  path: '/v3/{project_id}/backups/{backup_id}/replicate',
  scope: 'project',
  run: (call) => {
    const backup = findBackup(call.project, call.params['backup_id'])
    const order = readOrder(call.body)
    if (backup['image_type'] !== 'backup' || backup.status !== 'available')
      throw refuseCbr(400, '6128', `Backup ${backup.id} cannot be replicated.`)
    const { project: destination, vaultId } = findDestination(call, order)
    const copyId = call.state.dice.uuid()
    const record = describeAttempt(call, backup, destination, vaultId, copyId)
    const earlier = Array.isArray(backup.replication_records) ? backup.replication_records : []
    backup.replication_records = [...earlier, record]
    finishLater(call, backup, record, destination, order)
    return answer({
      replication: {
        backup_id: backup.id,
        provider_id: backup['provider_id'],
        project_id: call.project.id,
        source_region: call.project.region,
        destination_project_id: destination.id,
        destination_region: destination.region,
        destination_vault_id: vaultId,
        replication_record_id: record['id'],
      },
    })
  },
}

function readOrder(body: string): Wire {
  const refuse = () => REFUSE_PARAMETER.cbr('replicate must be an object')
  const order = parseBody(body, refuse)['replicate']
  if (!isWire(order)) throw refuse()
  for (const name of ['destination_project_id', 'destination_region', 'destination_vault_id'])
    if (typeof order[name] !== 'string') throw REFUSE_PARAMETER.cbr(`${name} must be a string`)
  return order
}

function findDestination({ state }: ProjectCall, order: Wire): { project: Project; vaultId: string } {
  const project = state.project(String(order['destination_project_id']))
  if (project === undefined || project.region !== order['destination_region'])
    throw refuseCbr(400, '1011', 'The destination project offers no replication.')
  const vaultId = String(order['destination_vault_id'])
  const vault = project.vaults.find(({ id }) => id === vaultId)
  if (vault === undefined) throw refuseCbr(400, '6120', `Destination vault ${vaultId} could not be found.`)
  if (billingOf(vault)['protect_type'] !== 'replication')
    throw refuseCbr(400, '6119', `Destination vault ${vaultId} takes no copies.`)
  return { project, vaultId }
}

function describeAttempt(
  { project, state, nowUs }: ProjectCall,
  backup: WireBackup,
  destination: Project,
  vaultId: string,
  copyId: string,
): Wire {
  return writeReplicationRecord({
    id: state.dice.uuid(),
    status: 'replicating',
    createdAt: formatStamp(nowUs),
    sourceBackupId: String(backup.id),
    sourceCheckpointId: String(backup['checkpoint_id']),
    sourceProjectId: project.id,
    sourceRegion: project.region,
    vaultId: String(backup.vault_id),
    destination: { region: destination.region, projectId: destination.id, vaultId },
    copyId,
    copyCheckpointId: state.dice.uuid(),
    automatic: false,
  })
}

function finishLater(
  { state, nowUs, quirks }: ProjectCall,
  backup: WireBackup,
  record: Wire,
  destination: Project,
  order: Wire,
): void {
  const dueUs = nowUs + state.timings.replicationMs * 1000
  const extra = record['extra_info']
  state.later(dueUs, () => {
    record['status'] = quirks.fails ? 'fail' : 'success'
    if (quirks.fails) {
      Object.assign(isWire(extra) ? extra : {}, FAILURE)
      return
    }
    Object.assign(isWire(extra) ? extra : {}, { progress: 100 })
    destination.backups.insert({
      ...backup,
      id: record['destination_backup_id'],
      checkpoint_id: record['destination_checkpoint_id'],
      project_id: destination.id,
      vault_id: record['destination_vault_id'],
      image_type: 'replication',
      name: order['name'] ?? backup['name'],
      description: order['description'] ?? '',
      created_at: formatStamp(dueUs),
      updated_at: formatStamp(dueUs),
      replication_records: [],
    })
  })
}

const FAILURE = { fail_code: 'BackupService.1006', fail_reason: 'The copy could not be imported.' } as const
