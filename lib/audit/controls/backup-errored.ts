import type { Backup } from '../../backup.ts'
import { type BackupControl, PASS, unknown } from '../control.ts'
import { isDocumented } from '../statuses.ts'
import { ago, quoted, strangeStatus } from '../words.ts'

/** Backups that went wrong: they take a place in the list and can restore nothing. */
export const backupErrored: BackupControl = {
  id: 'backup-errored',
  severity: { cbr: 'high', dcs: 'high' },
  passTitle: 'No backup has failed',
  failTitle: 'A backup has failed',
  remedy: {
    cbr: 'Look up the failed task of the vault for its cause, then delete the backup and make a new one',
    dcs: 'Look up the error code, then make a new backup of the instance by hand',
  },
  scope: 'backup',
  ofChildren: true,
  check: (backup, { asOf }) => {
    const { service, status, errorCode } = backup
    if (status !== (service === 'cbr' ? 'error' : 'failed'))
      return isDocumented(service, status) ? PASS : unknown(strangeStatus(status))
    const code =
      service === 'dcs' && errorCode !== undefined ? `, with the error code ${quoted(errorCode)}` : ''
    return {
      outcome: 'fail',
      because: `${subject(backup)} created ${ago(backup.createdAt, asOf)} has the status "${status}"${code}`,
      ...(service === 'dcs' && { evidence: { error_code: errorCode ?? null } }),
    }
  },
}

function subject({ service, parentId }: Backup): string {
  if (service === 'dcs') return 'The backup record'
  return parentId === undefined ? 'The backup' : `The part of the backup ${quoted(parentId)}`
}
