import type { ResourceControl, Terms } from './control.ts'
import type { History, RecoveryPoints } from './history.ts'
import type { Home } from './home.ts'

/** What is known of targets that were not read whole. */
export interface Unread {
  /**
   * The CBR targets outside a region (anywhere, without one) of which not all backups were seen, for people; undefined where there
   * are none. CBR copies into other regions, whatever the project, and DCS copies nowhere.
   */
  readonly unreadOutside: (region: string | undefined) => string | undefined
}

/** Why a control that fails may be wrong: what lies unseen in other targets than the home of the resource could let it pass. */
export function doubtFromElsewhere(
  control: ResourceControl,
  history: History,
  home: Home,
  terms: Terms & Unread,
): string | undefined {
  if (home.service !== 'cbr') return undefined
  const isAtHome = isBackedUpAtHome(history)
  if (isAtHome && !isCopied(history)) return undefined
  const places = terms.unreadOutside(isAtHome ? home.region : undefined)
  if (places === undefined) return undefined
  // The best that can lie there: whatever fails all the same fails for sure.
  const unseen = {
    ...history,
    copies: withOneOfNow(history.copies, terms),
    own: isAtHome ? history.own : withOneOfNow(history.own, terms),
  }
  if (control.check(unseen, terms).outcome === 'fail') return undefined
  return `A ${isAtHome ? 'copy' : 'backup'} of it may lie where not all backups could be read: ${places}`
}

/** Whether the backups that copies are made of lie where the resource does: where only copies tell of it they lie somewhere else. */
function isBackedUpAtHome({ holder, witness }: History): boolean {
  return holder !== undefined || witness?.imageType === 'backup'
}

/**
 * Whether copies are made of it: one is listed, or a vault of it has an enabled replication policy, which is read with
 * `replication.required: auto`. Where nothing tells of copies, one target that cannot be read must not silence what is critical in all others.
 */
function isCopied({ holder, witness, counts }: History): boolean {
  return counts.copies > 0 || [holder, witness].some((place) => place?.vault?.replicates === true)
}

function withOneOfNow(points: RecoveryPoints, { asOf }: Terms): RecoveryPoints {
  return { ...points, oldestPossible: points.oldestPossible ?? asOf, newestPossible: asOf }
}
