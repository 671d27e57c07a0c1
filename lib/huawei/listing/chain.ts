import { wholeSecond } from '../../time.ts'
import { readAround } from './around.ts'
import type { Batch } from './batch.ts'
import { readBisected } from './bisect.ts'
import { readCrowded } from './crowded.ts'
import { PageBudget } from './page-budget.ts'
import { interpret, MAX_REPEATS, repeatsWorth } from './reading.ts'
import type { PageTold, Session } from './session.ts'
import type { Span, Window } from './span.ts'
import { describe, offsetInSecond, shownFrom, timeFilter } from './window.ts'

/**
 * Reads a window as a chain of values: each page begins with the second in which the last one ended, so nothing that
 * happens elsewhere in the list can push a row out. Invariant: when the chain has reached a second, every row that
 * was created before it, and lived until it was read, has been returned.
 */
export async function* readChain<Row>(session: Session<Row>, span: Span): AsyncGenerator<Batch<Row>> {
  if (span.unsorted !== undefined) return yield* readBisected(session, span.unsorted)
  const budget = new PageBudget()
  let repeats = 0
  let reached = Number.NEGATIVE_INFINITY
  while (span.from === undefined || span.from <= span.to) {
    const asked = windowOf(span)
    const expected = span.left ?? 0
    const page = await session.read([['sort', 'created_at:asc'], ...timeFilter(asked)])
    const further = noteProgress(span, asked, page, reached)
    yield page.fresh
    if (session.learnt.filtersIgnored) return
    const { learnt } = session
    learnt.shownFrom = earliest(learnt.shownFrom, shownFrom(asked, page.times))
    const reading = interpret(session, asked, page, span.mayBeEmpty)
    if (repeats < repeatsWorth(reading, span, page, expected)) {
      repeats += 1
      if (span.to === asked.to) span.left = expected
      continue
    }
    if (page.twice > 0)
      session.doubt(
        `Of the backups created ${describe(asked)} the API sent some twice on one page, each time it was asked, so that others may be missing.`,
      )
    switch (reading.kind) {
      case 'whole':
        if (page.size === 0) noteEmpty(session, asked)
        return
      case 'reached':
        span.from = reading.second
        // Still wanted is what was created with the last row or after it: as far into its second as rows were shown before.
        span.isSharp = learnt.shownFrom !== undefined && offsetInSecond(reading.last) >= learnt.shownFrom
        break
      case 'stuck':
        // With the second after it, whose own request would begin with the crowded one again.
        yield* readCrowded(session, { from: reading.second, to: reading.second + 1 })
        span.from = reading.second + 2
        span.isSharp = false
        break
      case 'dry':
      case 'unsorted':
      case 'outside':
        if (page.size === 0 && (yield* readAround(session, asked))) return
        if (repeats === MAX_REPEATS) return yield* giveUp(session, reading.kind, asked, page, span)
        repeats += 1
        continue
      default:
        reading satisfies never
    }
    repeats = 0
    span.mayBeEmpty = false
    budget.spend(page, further, session.countsAreTrusted)
    reached = page.times.at(-1) ?? reached
    if (budget.isSpent) return session.doubt(budget.describe(asked))
  }
}

/** What is to be read of a span by now. */
function windowOf({ from, to, isSharp = false, isAgain = false }: Span): Window {
  return { from, to, isSharp, isAgain }
}

/** Notes in a span what a page tells of it; returns how many of its rows lie beyond the last one of the page before. */
function noteProgress(span: Span, asked: Window, page: PageTold, reached: number): number {
  // Where the far end was taken over meanwhile, the count tells of that too.
  const told = span.to === asked.to ? page.count : undefined
  span.left = told === undefined ? undefined : Math.max(0, told - page.size)
  span.secondsPerRow = secondsPerRow(page)
  const further = page.times.filter((time) => time > reached).length
  span.read = (span.read ?? 0) + further
  return further
}

function earliest(known: number | undefined, other: number | undefined): number | undefined {
  return known === undefined || (other ?? known) < known ? other : known
}

function secondsPerRow({ times }: PageTold): number | undefined {
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined || last <= first) return undefined
  return (wholeSecond(last) - wholeSecond(first)) / times.length
}

function noteEmpty<Row>({ learnt }: Session<Row>, window: Window): void {
  if (window.isAgain !== true) learnt.emptied.push(window)
}

async function* giveUp<Row>(
  session: Session<Row>,
  kind: 'dry' | 'unsorted' | 'outside',
  window: Window,
  page: PageTold,
  span: Span,
): AsyncGenerator<Batch<Row>> {
  switch (kind) {
    case 'dry':
      noteEmpty(session, window)
      if (session.countsAreTrusted && (page.count ?? 0) > page.size)
        session.doubt(
          `Of ${page.count} backups created ${describe(window)} the API sent ${page.size}, each time it was asked.`,
        )
      return
    case 'unsorted':
      session.note(
        'The API does not sort by created_at as asked; windows were halved until each fitted a page.',
      )
      span.unsorted = [window]
      return yield* readBisected(session, span.unsorted)
    case 'outside':
      session.learnt.filtersIgnored = true
      return
    default:
      kind satisfies never
  }
}
