import { wholeSecond } from '../../time.ts'
import type { Batch } from './batch.ts'
import { isRising } from './is-rising.ts'
import type { Parameters } from './listing.ts'
import { EVER } from './probe.ts'
import type { PageTold, Session } from './session.ts'
import type { Window } from './span.ts'
import { timeFilter } from './window.ts'

/**
 * Reads a window that was answered empty from its neighbours: whatever is in it stands on the page that goes from its far end back
 * past its beginning, or on the one that goes from its beginning past its far end. Returns whether one of these
 * pages did so: an empty answer may be a slip, and rows beyond the window are not.
 */
export async function* readAround<Row>(
  session: Session<Row>,
  window: Window,
): AsyncGenerator<Batch<Row>, boolean> {
  if (session.learnt.sortIgnored) return false
  const { from = Number.NEGATIVE_INFINITY, to } = window
  const back = await session.read([['sort', 'created_at:desc'], ...timeFilter({ from: undefined, to })])
  yield back.fresh
  if (!isRising(back.times.toReversed())) session.learnt.sortIgnored = true
  else if ((lastSecond(back) ?? from) < from) return true
  const forth = await session.read([['sort', 'created_at:asc'], ...startFilter(window)])
  yield forth.fresh
  if (!isRising(forth.times)) session.learnt.sortIgnored = true
  return !session.learnt.sortIgnored && (lastSecond(forth) ?? to) > to
}

/** What `timeFilter` asks for, without an end. */
function startFilter(window: Window): Parameters {
  return window.from === undefined ? EVER : timeFilter(window).slice(0, 1)
}

function lastSecond({ times }: PageTold): number | undefined {
  const last = times.at(-1)
  return last === undefined ? undefined : wholeSecond(last)
}
