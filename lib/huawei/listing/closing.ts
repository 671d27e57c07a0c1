import type { Batch } from './batch.ts'
import { checkCounts, checkUnfiltered, seenSettled } from './closure.ts'
import type { Opening, Probe } from './learnt.ts'
import { probe } from './probe.ts'
import type { Session } from './session.ts'
import { attempt, handOut, readSpans } from './spans.ts'
import { readUndated } from './undated.ts'
import { describe, stamp, type Window } from './window.ts'
import { readWithoutFilters } from './without-filters.ts'

type Rows<Row> = AsyncGenerator<Batch<Row>>

/**
 * Ends a listing of which all windows were read: reads what may have been missed by its moment, and checks that the rows seen fit
 * the counts before and after. Where time runs out in it, it is to be done again from its beginning.
 */
export async function* close<Row>(session: Session<Row>, { oldest, newest }: Opening): Rows<Row> {
  const { learnt } = session
  const whole: Window = { from: undefined, to: session.horizonSecond }
  // Together with what else makes sure of the end.
  const asking = session.concurrency > 2 && !learnt.filtersIgnored ? probe(session, 'desc') : undefined
  // Whatever it comes to is met below, but for whom nobody reads any more.
  asking?.catch(() => {})
  const after = learnt.filtersIgnored ? undefined : yield* readAgain(session)
  const isRising = learnt.filtersIgnored && (yield* attempt(session, whole, readWithoutFilters(session)))
  // Where rows became visible late, a count that is older than they are could hide as many others.
  const isOutdated = learnt.filtersIgnored || (learnt.late ?? 0) > 0
  const told = isOutdated ? undefined : asking
  const last = session.isInterrupted ? undefined : await (told ?? probe(session, 'desc'))
  if (session.isInterrupted) return
  learnt.countAfter = last?.count
  const unfiltered = { before: oldest?.count, after: last?.count }
  if (learnt.filtersIgnored) return checkUnfiltered(session, unfiltered, isRising === true)
  const settled = { before: newest?.count, after: await settledAfter(session, after?.count, last?.count) }
  checkCounts(session, settled, unfiltered)
  if (oldest === undefined || last === undefined) return
  yield* attempt(session, whole, readUndated(session, { asc: oldest, desc: last, settled }))
}

/** The newest of the settled rows, and their count. */
export async function probeSettled<Row>(
  session: Session<Row>,
  others?: Promise<unknown>,
): Promise<Probe | undefined> {
  return await probe(session, 'desc', [['end_time', stamp(session.settledSecond)]], others)
}

/**
 * What may have been missed by its moment: rows that became visible late, and answers that were empty by a slip. Returns what is told
 * meanwhile of the settled rows, which that does not touch.
 */
async function* readAgain<Row>(session: Session<Row>): AsyncGenerator<Batch<Row>, Probe | undefined> {
  const { learnt, register } = session
  const latest = { from: session.settledSecond, to: session.horizonSecond }
  const emptied = [...learnt.emptied]
  const seen = register.tally.distinct
  const before = learnt.late ?? 0
  const asking = session.concurrency > 1 ? probeSettled(session) : undefined
  // Whatever it comes to is met below, but for whom nobody reads any more.
  asking?.catch(() => {})
  yield* readSpans(session, handOut([latest], mayBeEmpty(session)))
  learnt.late = before + register.tally.distinct - seen
  const settled = await (asking ?? probeSettled(session))
  yield* readEmptied(session, emptied, settled?.count ?? 0)
  return settled
}

/** Whether nothing is known to lie in the latest window, and nothing was hidden there by an empty answer. */
function mayBeEmpty<Row>({ learnt, register: { tally }, settledSecond }: Session<Row>): boolean {
  if (tally.inSettledSecond + tally.young > tally.later) return false
  return learnt.countBefore === 0 || !learnt.emptied.some(({ to }) => to >= settledSecond)
}

/**
 * Reads windows again whose empty answers may have been slips. That nothing stood beside them either contradicts any row counted later,
 * for settled rows only get fewer; where the API does not sort, only rows that are missing tell.
 */
async function* readEmptied<Row>(
  session: Session<Row>,
  emptied: readonly Window[],
  settled: number,
): AsyncGenerator<Batch<Row>> {
  const { learnt } = session
  if (learnt.sortIgnored) {
    if (seenSettled(session).most < settled) yield* readSpans(session, handOut(emptied, true))
    return
  }
  if (settled === 0) return
  const known = learnt.emptied.length
  yield* readSpans(session, handOut(emptied, false))
  if (learnt.sortIgnored || session.isInterrupted) return
  for (const window of learnt.emptied.slice(known))
    session.doubt(
      `The API sent no backups created ${describe(window)}, each time it was asked, and no page shows that there are none.`,
    )
}

/** The count of the settled rows to compare with one of all rows: a deletion may have come between the two. */
async function settledAfter<Row>(
  session: Session<Row>,
  settled: number | undefined,
  all: number | undefined,
): Promise<number | undefined> {
  return (settled ?? 0) > (all ?? 0) ? (await probeSettled(session))?.count : settled
}
