import type { Backup } from '../../backup.ts'
import { before, hoursBetween } from '../../time.ts'
import { type BackupControl, PASS, type Terms, unknown, type Verdict } from '../control.ts'
import { isDocumented } from '../statuses.ts'
import { ago, strangeStatus } from '../words.ts'

/** Backups that should have been deleted by now. */
export const backupExpired: BackupControl = {
  id: 'backup-expired',
  severity: { cbr: 'medium', dcs: 'low' },
  passTitle: 'No backup has outlived its expiry',
  failTitle: 'A backup has expired and is still listed',
  remedy: {
    cbr: 'Delete the backup, or find out why its vault does not: a locked or frozen vault keeps what has expired',
    dcs: 'Delete the backup record if nothing refers to it any more; its content can no longer be restored',
  },
  scope: 'backup',
  ofChildren: false,
  check: (backup, terms) => (backup.service === 'cbr' ? checkExpiry(backup, terms) : checkStatus(backup)),
}

function checkExpiry({ expiredAt }: Backup, { asOf, policy }: Terms): Verdict {
  if (expiredAt === undefined) return PASS
  if (expiredAt === 'unknown') return unknown('When the backup expires cannot be told')
  if (expiredAt > before(asOf, policy.expired.grace)) return PASS
  return {
    outcome: 'fail',
    because: `The backup expired ${ago(expiredAt, asOf)} and is still listed`,
    evidence: { overdue_hours: hoursBetween(expiredAt, asOf) },
  }
}

function checkStatus({ service, status }: Backup): Verdict {
  if (status === 'expired')
    return { outcome: 'fail', because: 'The backup record has the status "expired" and is still listed' }
  return isDocumented(service, status) ? PASS : unknown(strangeStatus(status))
}
