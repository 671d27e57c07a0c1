import type { Backup } from '../../backup.ts'
import { before } from '../../time.ts'
import { type BackupControl, PASS, unknown } from '../control.ts'
import { isDocumented } from '../statuses.ts'
import { ago, quoted, strangeStatus } from '../words.ts'

/** Backups that have been on their way for too long: they will probably never arrive. */
export const backupStuck: BackupControl = {
  id: 'backup-stuck',
  severity: { cbr: 'medium', dcs: 'medium' },
  passTitle: 'No backup is stuck half-way',
  failTitle: 'A backup is stuck half-way',
  remedy: {
    cbr: 'Look up the running task of the vault; if it does not move, open a ticket with the id of the backup',
    dcs: 'Check the state of the instance; if the task does not move, open a ticket with the id of the record',
  },
  scope: 'backup',
  ofChildren: false,
  check: (backup, { asOf, policy }) => {
    const moving = isMoving(backup)
    if (moving === false) return PASS
    const since = backup.updatedAt ?? backup.createdAt
    if (since !== 'unknown' && since > before(asOf, policy.stuck.after)) return PASS
    if (moving === 'unknown') return unknown(strangeStatus(backup.status))
    if (since === 'unknown') return unknown('When the backup last changed cannot be told')
    return {
      outcome: 'fail',
      because: `The backup has the status ${quoted(backup.status)} and last changed ${ago(since, asOf)}`,
    }
  },
}

function isMoving({ service, status }: Backup): boolean | 'unknown' {
  if (service === 'dcs')
    return status === 'waiting' || status === 'backuping' || (!isDocumented(service, status) && 'unknown')
  if (status === 'available' || status === 'error') return false
  if (status.startsWith('waiting_') || isDocumented(service, status)) return true
  return 'unknown'
}
