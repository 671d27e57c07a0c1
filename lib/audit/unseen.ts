import { fromEpochMs } from '../time.ts'
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
  /** Whether there is one in a region. */
  readonly isUnreadIn: (region: string) => boolean
}

/** Why a verdict may be wrong because of targets other than the resource's own that were not read whole; undefined where nothing unseen there could change it. */
export function doubtFromElsewhere(
  control: ResourceControl,
  history: History,
  home: Home,
  terms: Terms & Unread,
): string | undefined {
  if (home.service !== 'cbr') return undefined
  const isAtHome = isBackedUpAtHome(history)
  if (isAtHome && !isCopied(history, terms)) return undefined
  const places = terms.unreadOutside(isAtHome ? home.region : undefined)
  if (places === undefined) return undefined
  const copies = withAny(history.copies, terms)
  const unseen = isAtHome ? { ...history, copies } : { ...history, copies, own: withAny(history.own, terms) }
  if (!turns(control, history, unseen, terms)) return undefined
  return `A ${isAtHome ? 'copy' : 'backup'} of it may lie where not all backups could be read: ${places}`
}

/** Why what a control says may be wrong where the list of the backups at home broke off. */
export function doubtFromHome(control: ResourceControl, history: History, terms: Terms): string | undefined {
  const unseen = { ...history, own: withAny(history.own, terms), copies: withAny(history.copies, terms) }
  return turns(control, history, unseen, terms) ? 'The list of its backups broke off' : undefined
}

/** Whether a control would say something else if more lay there than was seen: a wrong pass and a wrong failure are equally bad. */
function turns(control: ResourceControl, seen: History, unseen: History, terms: Terms): boolean {
  return control.check(seen, terms).outcome !== control.check(unseen, terms).outcome
}

/** Whether the backups that copies are made of lie where the resource does: where only copies tell of it they lie somewhere else. */
function isBackedUpAtHome({ holder, witness }: History): boolean {
  return holder !== undefined || witness?.imageType === 'backup'
}

/**
 * Whether copies are made of it: one is listed, a vault of it has an enabled replication policy, which is read with
 * `replication.required: auto`, or a record says that one was made in a region that was not read. Where nothing tells of copies, one target that cannot be read must not silence what is critical in all others.
 */
function isCopied({ holder, witness, counts, copiedTo }: History, { isUnreadIn }: Unread): boolean {
  return (
    counts.copies > 0 ||
    [holder, witness].some((place) => place?.vault?.replicates === true) ||
    copiedTo.some(isUnreadIn)
  )
}

/** No backup is older. */
const LONG_AGO = fromEpochMs(0)

/** As if backups of any age may lie there, of which nobody knows whether they are usable. */
function withAny(points: RecoveryPoints, { asOf }: Terms): RecoveryPoints {
  return { ...points, oldestPossible: LONG_AGO, newestPossible: asOf }
}
