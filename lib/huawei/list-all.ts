import type { Batch } from './listing/batch.ts'
import { readChain, type Span } from './listing/chain.ts'
import { checkCounts, checkUnfiltered, seenSettled } from './listing/closure.ts'
import type { Listing, ListingOptions } from './listing/listing.ts'
import { merge } from './listing/merge.ts'
import { Plan } from './listing/plan.ts'
import { type Probe, probe } from './listing/probe.ts'
import { LATE_SECONDS, Session } from './listing/session.ts'
import { readUndated } from './listing/undated.ts'
import { stamp, type Window } from './listing/window.ts'
import { readWithoutFilters } from './listing/without-filters.ts'

export type { Listing, ListingOptions, ListingOutcome, Page, PageQuery, RowKey } from './listing/listing.ts'

type Rows<Row, Result = void> = AsyncGenerator<Batch<Row>, Result>

/**
 * Lists a collection completely while it changes: every row created up to the horizon that exists throughout the run
 * is yielded exactly once, or the outcome says why that is not shown.
 */
export function listAll<Row>(options: ListingOptions<Row>): Listing<Row> {
  const session = new Session(options)
  const batches = read(session)
  return { [Symbol.asyncIterator]: () => batches, outcome: () => session.outcome() }
}

async function* read<Row>(session: Session<Row>): AsyncGenerator<readonly Row[]> {
  try {
    for await (const batch of readAll(session)) {
      const rows = batch.give()
      if (rows.length > 0) yield rows
    }
    session.end()
  } finally {
    session.abort()
  }
}

async function* readAll<Row>(session: Session<Row>): Rows<Row> {
  const whole: Window = { from: undefined, to: session.horizonSecond }
  const oldest = await probe(session, 'asc')
  if (oldest === undefined && session.fault !== undefined) return
  session.countBefore = oldest?.count
  const newest = await probeSettled(session)
  session.expected = newest?.count ?? oldest?.count
  if ((oldest?.second ?? 0) > (newest?.second ?? Number.POSITIVE_INFINITY)) session.sortIgnored = true
  const plan = new Plan({
    whole,
    oldest: oldest?.second,
    newest: newest?.second,
    pages: Math.ceil((session.expected ?? 0) / session.pageLimit),
    pageSize: session.pageLimit,
    concurrency: session.concurrency,
    mayBeEmpty: oldest?.count === 0,
  })
  yield* readSpans(session, () => plan.next())
  const after = session.filtersIgnored ? undefined : await probeSettled(session)
  if (!session.filtersIgnored) yield* readAgain(session, after?.count)
  const isRising = session.filtersIgnored && (yield* attempt(session, whole, readWithoutFilters(session)))
  const last = await probe(session, 'desc')
  session.countAfter = last?.count
  const unfiltered = { before: oldest?.count, after: last?.count }
  if (session.filtersIgnored) return checkUnfiltered(session, unfiltered, isRising === true)
  const settled = { before: newest?.count, after: await settledAfter(session, after?.count, last?.count) }
  checkCounts(session, settled, unfiltered)
  if (oldest === undefined || last === undefined) return
  yield* attempt(session, whole, readUndated(session, { asc: oldest, desc: last, settled }))
}

/** What may have been missed by its moment: rows that became visible late, and answers that were empty by a slip. */
async function* readAgain<Row>(session: Session<Row>, count: number | undefined): Rows<Row> {
  const latest = { from: session.settledSecond, to: session.horizonSecond }
  const mayBeEmpty = session.countBefore === 0 || !session.emptied.some(({ to }) => to >= latest.from)
  const seen = session.register.distinct
  yield* readSpans(session, handOut([latest], mayBeEmpty))
  session.note(
    `The last ${LATE_SECONDS / 60} minutes before the horizon were read twice, for backups that become visible late.`,
  )
  const late = session.register.distinct - seen
  if (late > 0) session.note(`While the list was read, ${late} became visible late.`)
  if (seenSettled(session).most < (count ?? 0))
    yield* readSpans(session, handOut(session.emptied.splice(0), true))
}

/** The count of the settled rows to compare with one of all rows: a deletion may have come between the two. */
async function settledAfter<Row>(
  session: Session<Row>,
  settled: number | undefined,
  all: number | undefined,
): Promise<number | undefined> {
  return (settled ?? 0) > (all ?? 0) ? (await probeSettled(session))?.count : settled
}

function handOut(windows: readonly Window[], mayBeEmpty: boolean): () => Span | undefined {
  const left = [...windows]
  return () => {
    const window = left.shift()
    return window && { ...window, left: undefined, mayBeEmpty }
  }
}

function readSpans<Row>(session: Session<Row>, next: () => Span | undefined): Rows<Row> {
  return merge(session.concurrency, () => {
    const span = next()
    return span && attempt(session, span, readChain(session, span))
  })
}

async function probeSettled<Row>(session: Session<Row>): Promise<Probe | undefined> {
  return await probe(session, 'desc', [['end_time', stamp(session.settledSecond)]])
}

/** Reads what can be read; what is lost for good is written down with its window, and the rest goes on. */
async function* attempt<Row, Result>(
  session: Session<Row>,
  window: Window,
  rows: Rows<Row, Result>,
): Rows<Row, Result | undefined> {
  try {
    return yield* rows
  } catch (error) {
    session.lose(window, error)
    return undefined
  }
}
