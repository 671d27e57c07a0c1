import type { Control } from '../control.ts'
import { backupErrored } from './backup-errored.ts'
import { backupExpired } from './backup-expired.ts'
import { backupStuck } from './backup-stuck.ts'
import { backupUnreplicated } from './backup-unreplicated.ts'
import { recoveryPointMissing } from './recovery-point-missing.ts'
import { recoveryPointStale } from './recovery-point-stale.ts'

/** Every question an audit asks, the gravest first. */
export const CONTROLS: readonly Control[] = [
  recoveryPointMissing,
  recoveryPointStale,
  backupErrored,
  backupUnreplicated,
  backupExpired,
  backupStuck,
]
