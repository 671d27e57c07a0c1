import { type Instant, wholeSecond } from '../../time.ts'
import { isRising } from './is-rising.ts'
import type { Taken } from './register.ts'
import type { PageTold, Session } from './session.ts'
import type { Window } from './span.ts'
import { isInside } from './window.ts'

/** How often an odd answer is asked for again before anything is concluded from it. */
export const MAX_REPEATS = 2
/** The same of pages that count fewer rows than were left: where the window ends with them, nothing behind them tells. */
const MAX_REPEATS_OF_FEWER: Partial<Record<Reading['kind'], number>> = { whole: MAX_REPEATS, reached: 1 }
/** How rarely a page without an order may look sorted, to be believed. */
const RARE = 1 / 720

/** What a page says about its window. */
export type Reading =
  | { readonly kind: 'whole' | 'dry' | 'unsorted' | 'outside' }
  | { readonly kind: 'stuck'; readonly second: number }
  | { readonly kind: 'reached'; readonly second: number; readonly last: Instant }

/** What a page says about its window, by what it holds and never by what was asked for. */
export function interpret<Row>(
  session: Session<Row>,
  asked: Window,
  page: PageTold & Taken<Row>,
  mayBeEmpty: boolean,
): Reading {
  const { times, news } = page
  if (times.some((time) => !isInside(asked, time))) return { kind: 'outside' }
  const last = times.at(-1)
  const isSorted = isRising(times)
  learnOrder(session, times, isSorted)
  const isCounted = (page.count ?? 0) <= page.size
  // A later page repeats at least the row that the last one ended with, so an empty one is odd too.
  if (last === undefined) return { kind: isCounted && mayBeEmpty ? 'whole' : 'dry' }
  if (session.isWhole(page)) return { kind: 'whole' }
  if (!isSorted) return { kind: 'unsorted' }
  const second = wholeSecond(last)
  if (asked.from === undefined || second > asked.from) return { kind: 'reached', second, last }
  if (page.size >= session.pageSize || news > 0) return { kind: 'stuck', second: asked.from }
  return { kind: isCounted ? 'whole' : 'dry' }
}

/**
 * How often to repeat a request whose answer looks wrong: rows twice, rows outside the window only, or fewer rows than the page before
 * announced. `window` is what is wanted by now: its far end may have been handed to another chain meanwhile.
 */
export function repeatsWorth<Row>(
  { kind }: Reading,
  { from = Number.NEGATIVE_INFINITY, to }: Window,
  { twice, size, times, count }: PageTold & Taken<Row>,
  expected: number,
): number {
  if (twice > 0) return MAX_REPEATS
  // Or nothing is in the window, and the page shows what lies beside it.
  const isBeside = times.every((time) => wholeSecond(time) < from || wholeSecond(time) > to)
  if (isBeside && times.length > 0 && (kind === 'whole' || kind === 'reached')) return MAX_REPEATS
  // Or some were deleted.
  return size > 0 && (count ?? expected) < expected ? (MAX_REPEATS_OF_FEWER[kind] ?? 0) : 0
}

function learnOrder<Row>({ learnt }: Session<Row>, times: readonly Instant[], isSorted: boolean): void {
  if (!isSorted) learnt.sortIgnored = true
  if (!isSorted || learnt.sortShown) return
  const chance = chanceOfOrder(times)
  if (chance <= RARE) learnt.sortShown = true
  else if (chance === 1 && times.length > 1) learnt.sortHidden = true
}

/** How likely sorted times are to be so if nobody sorted them: those of one moment may stand in any order. */
function chanceOfOrder(times: readonly Instant[]): number {
  let [chance, same] = [1, 0]
  for (const [index, time] of times.entries()) {
    same = time === times[index - 1] ? same + 1 : 1
    chance *= same / (index + 1)
  }
  return chance
}
