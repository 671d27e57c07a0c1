import type { Wire, WireBackup } from './fleet.ts'
import { formatStamp } from './stamp.ts'

/** A row of the operation logs for something that was done to a backup at once. */
export function describeOperation(backup: WireBackup, type: string, id: string, atUs: number): Wire {
  const at = formatStamp(atUs)
  return { ...describe(backup, type, id), status: 'success', ...times(at, at) }
}

/** The row that tells how a backup was made. */
export function describeMaking(backup: WireBackup): Wire {
  const status = LOG_STATUS[String(backup.status)] ?? 'success'
  const created = typeof backup.created_at === 'string' ? backup.created_at : ''
  const ended = status === 'running' || status === 'waiting' ? null : (backup['updated_at'] ?? null)
  const log = { ...describe(backup, typeOf(backup), logId(backup)), status, ...times(created, ended) }
  return status === 'failed'
    ? { ...log, error_info: { code: 'BackupService.9910', message: 'The backup could not be made.' } }
    : log
}

/** What a backup's status says of the task that made it; any later status means that it went well. */
const LOG_STATUS: Readonly<Record<string, string>> = {
  error: 'failed',
  protecting: 'running',
  waiting_protect: 'waiting',
}

function typeOf(backup: WireBackup): string {
  return backup['image_type'] === 'replication' ? 'replication' : 'backup'
}

/** A log needs an id of its own that stays the same: the backup's with its halves swapped. */
function logId({ id }: WireBackup): string {
  const hex = String(id).replaceAll('-', '')
  const swapped = hex.slice(16) + hex.slice(0, 16)
  return [
    swapped.slice(0, 8),
    swapped.slice(8, 12),
    swapped.slice(12, 16),
    swapped.slice(16, 20),
    swapped.slice(20),
  ].join('-')
}

function times(started: string, ended: unknown): Wire {
  return { created_at: started, started_at: started, updated_at: ended ?? started, ended_at: ended }
}

function describe(backup: WireBackup, type: string, id: string): Wire {
  return {
    id,
    operation_type: type,
    project_id: backup['project_id'],
    provider_id: backup['provider_id'],
    checkpoint_id: backup['checkpoint_id'],
    vault_id: backup.vault_id,
    vault_name: null,
    policy_id: null,
    error_info: { code: '', message: '' },
    extra_info: {
      backup: { backup_id: backup.id, backup_name: backup['name'] },
      common: { progress: 100, request_id: `req-${id}`, task_id: id },
      resource: { id: backup.resource_id, type: backup['resource_type'], name: backup['resource_name'] },
    },
  }
}
