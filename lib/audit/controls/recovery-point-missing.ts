import { PASS, type ResourceControl, unknown } from '../control.ts'
import { type History, lastUsable } from '../history.ts'
import { quoted } from '../words.ts'

/** Resources of which nothing could be restored. */
export const recoveryPointMissing: ResourceControl = {
  id: 'recovery-point-missing',
  severity: { cbr: 'critical', dcs: 'critical' },
  passTitle: 'Every resource can be restored from something',
  failTitle: 'A resource cannot be restored at all',
  remedy: {
    cbr: 'Back up the resource now, then check that a backup policy is bound to its vault and is enabled',
    dcs: 'Back up the instance now, then switch on its automatic backups',
  },
  scope: 'resource',
  check: (history) => {
    const { holder, own, copies } = history
    if (holder?.canBeBackedUp === false || lastUsable(history) !== undefined) return PASS
    if (holder?.canBeBackedUp === 'unknown')
      return unknown('Whether the resource can be backed up cannot be told')
    if (own.newestPossible !== undefined || copies.newestPossible !== undefined)
      return unknown('Whether a backup of the resource is usable cannot be told')
    return {
      outcome: 'fail',
      because: `${subject(history)} has no usable recovery point: ${reason(history)}`,
    }
  },
}

function subject({ holder, witness, resourceId }: History): string {
  return `The resource ${quoted(holder?.name ?? witness?.resourceName ?? resourceId)}`
}

function reason({ counts }: History): string {
  switch (counts.backups) {
    case 0:
      return 'no readable backup of it is listed as of this audit'
    case 1:
      return 'its only backup is not usable'
    default:
      return `none of its ${counts.backups} backups is usable`
  }
}
