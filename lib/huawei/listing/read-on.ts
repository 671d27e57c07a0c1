import { type Instant, wholeSecond } from '../../time.ts'
import { askSorted } from './ask-sorted.ts'
import type { Batch } from './batch.ts'
import { expectedOf, unseenSecondsOf } from './expected-rows.ts'
import type { Answer } from './listing.ts'
import { MAX_REPEATS } from './reading.ts'
import type { Session } from './session.ts'

/** How much of a page comes again on the next one, as deletions move rows towards the beginning. */
const SHARED_PART = 0.1

/** Why it is not known what the filters hide. */
export const STANDS_STILL =
  'The list without a filter does not go on where it is asked to, so that it is not known whether the time filters hide backups.'
const MAY_BE_OTHERS =
  'The time filters did not show some of the latest backups, of a moment that has more than a page holds, so that there may be others.'

/**
 * Reads the sorted list without a filter from a page, which was taken, on to the horizon. What is younger than the settled rows has no count
 * that would show that a filter hides it. Each page begins with rows of the one before, or is asked for again nearer to it.
 * `unseenSeconds`: those of rows of the first page that no window showed.
 */
export async function* readOn<Row>(
  session: Session<Row>,
  first: Answer<Row>,
  offset: number,
  unseenSeconds: ReadonlySet<number>,
): AsyncGenerator<Batch<Row>> {
  const [unseen, tied] = [new Set(unseenSeconds), new Set<Instant | undefined>()]
  let [page, at, step, repeats] = [first, offset, strideOf(first), 0]
  while (!reachesEnd(session, page, at)) {
    const next = await askSorted(session, at + step)
    for (const second of unseenSecondsOf(expectedOf(session, next))) unseen.add(second)
    yield session.take(next).fresh
    const { shared, news } = compare(session, page, next)
    if (shared > 0 && news > 0) {
      if (page.times.at(-1) === next.times[0]) tied.add(page.times.at(-1))
      ;[page, at, step, repeats] = [next, at + step, strideOf(next), 0]
      continue
    }
    // The last row may be gone, and nothing stand behind those that are left.
    if (shared > 0 && reachesEnd(session, next, at + step)) break
    // More rows are gone than come again, or the answer was a slip.
    if (shared === 0 && step > 1) step = Math.floor(step / 2)
    else if (repeats === MAX_REPEATS) return session.doubt(STANDS_STILL)
    else repeats += 1
  }
  // Nothing fixes the order of rows of one moment: others may have stood on no page.
  if ([...tied].some((moment) => moment !== undefined && unseen.has(wholeSecond(moment))))
    session.doubt(MAY_BE_OTHERS)
}

function strideOf({ rows }: Answer<unknown>): number {
  return Math.max(1, rows.length - Math.ceil(rows.length * SHARED_PART))
}

/** Whether nothing that lies inside the audit can stand behind a page. */
function reachesEnd<Row>(session: Session<Row>, page: Answer<Row>, offset: number): boolean {
  const isLast = offset + page.rows.length >= (page.count ?? Number.POSITIVE_INFINITY)
  return isLast || page.rows.length === 0 || session.namesOf(page).at(-1)?.isInside === false
}

function compare<Row>(session: Session<Row>, page: Answer<Row>, next: Answer<Row>) {
  const names = new Set(session.namesOf(page).map(({ name }) => name))
  const shared = session.namesOf(next).filter(({ name }) => names.has(name)).length
  return { shared, news: next.rows.length - shared }
}
