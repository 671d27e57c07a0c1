import { before, formatTime, type Instant } from '../../time.ts'
import { PASS, type ResourceControl, unknown } from '../control.ts'
import { type History, type Kindless, lastUsable, type RecoveryPoints } from '../history.ts'
import { widened } from '../possible.ts'
import { newestOf } from '../precedence.ts'
import { hoursText, quoted, thresholdText } from '../words.ts'

/** Resources whose newest recovery point is too old: what happened since would be lost. */
export const recoveryPointStale: ResourceControl = {
  id: 'recovery-point-stale',
  severity: { cbr: 'high', dcs: 'high' },
  passTitle: 'Every recovery point is recent',
  failTitle: 'The newest recovery point of a resource is too old',
  remedy: {
    cbr: 'Back up the resource now, then check when the backup policy of its vault last ran and whether it still covers the resource',
    dcs: 'Back up the instance now, then check that its automatic backups are on and that none failed',
  },
  scope: 'resource',
  check: (history, { asOf, policy }) => {
    if (history.holder?.canBeBackedUp === false) return PASS
    const { maxAge } = policy.recoveryPoint
    const ages = possibleAges(history, before(asOf, maxAge))
    if (!ages.has('old')) return PASS
    const backup = lastUsable(history)
    if (ages.size > 1 || backup === undefined)
      return unknown('Whether the newest backups of the resource are usable, and no copies, cannot be told')
    if (history.holder?.canBeBackedUp === 'unknown')
      return unknown('Whether the instance can be backed up cannot be told: its cache_mode is missing or odd')
    return {
      outcome: 'fail',
      because: `The newest usable recovery point ${quoted(backup.name ?? backup.id)} is ${hoursText(backup.createdAt, asOf)} old (${formatTime(backup.createdAt)}), where ${thresholdText(maxAge)} is too old`,
      backup,
    }
  },
}

/** What the recovery point whose age counts may turn out to be. */
type Age = 'none' | 'fresh' | 'old'

/** Every age it can have, were each backup of unknown usability usable or not, and each without a kind a copy or not: one where nothing is open. */
function possibleAges({ own, copies, kindless }: History, limit: Instant): ReadonlySet<Age> {
  const ages = agesOf(kindless === undefined ? own : withKindless(own, kindless), limit)
  // Copies count only where there is nothing else.
  if (!ages.delete('none')) return ages
  // Then all without a kind are copies.
  const newest = newestOf([copies.newest, kindless?.newest])
  return new Set([...ages, ...agesOf({ ...copies, newest }, limit)])
}

function withKindless(own: RecoveryPoints, { oldest, newest }: Kindless): RecoveryPoints {
  return { ...own, ...widened(own, oldest, newest.createdAt) }
}

function agesOf({ newest, oldestPossible, newestPossible }: RecoveryPoints, limit: Instant): Set<Age> {
  const ages = new Set<Age>([newest === undefined ? 'none' : ageOf(newest.createdAt, limit)])
  // Whatever else is usable, the newest is at least as new as a fresh one.
  if (ages.has('fresh')) return ages
  if (newestPossible !== undefined && newestPossible > limit) ages.add('fresh')
  if (oldestPossible !== undefined && oldestPossible <= limit) ages.add('old')
  return ages
}

function ageOf(createdAt: Instant, limit: Instant): Age {
  return createdAt <= limit ? 'old' : 'fresh'
}
