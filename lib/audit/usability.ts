import type { Backup } from '../backup.ts'
import type { Instant } from '../time.ts'

/** Whether something could be restored from a backup. */
export type Usability = 'usable' | 'unusable' | 'unknown'

/** Judges one backup by the contract's section 7: ready, restorable and not expired at `asOf`; of no strange kind, but maybe of one that nobody told. */
export function usability(backup: Backup, asOf: Instant): Usability {
  const { status, restorable, imageType, expiredAt } = backup
  if (status !== (backup.service === 'cbr' ? 'available' : 'succeed')) return 'unusable'
  if (restorable === false) return 'unusable'
  if (imageType !== 'backup' && imageType !== 'replication' && imageType !== 'unknown') return 'unusable'
  if (expiredAt === 'unknown') return 'unknown'
  if (expiredAt !== undefined && expiredAt <= asOf) return 'unusable'
  return restorable === 'unknown' ? 'unknown' : 'usable'
}
