import type { Batch } from './batch.ts'
import { checkCounts, checkUnfiltered, seenSettled } from './closure.ts'
import { readHidden } from './hidden.ts'
import type { LastLook } from './last-look.ts'
import type { Opening, Probe } from './learnt.ts'
import { EVER, probe, probeSettled } from './probe.ts'
import type { Session } from './session.ts'
import type { Window } from './span.ts'
import { attempt, handOut, readSpans } from './spans.ts'
import { readUndatedEnds } from './undated-end.ts'
import { describe } from './window.ts'
import { readWithoutFilters } from './without-filters.ts'

type Rows<Row> = AsyncGenerator<Batch<Row>>

/**
 * Ends a listing of which all windows were read, and the latest twice: reads what an empty answer may have hidden, and checks that
 * the rows seen fit the counts before and after. Where time runs out in it, it is to be done again from its beginning.
 */
export async function* close<Row>(
  session: Session<Row>,
  { oldest, newest }: Opening,
  look: LastLook<Row> | undefined,
): Rows<Row> {
  const { learnt } = session
  const whole: Window = { from: undefined, to: session.horizonSecond }
  const after = learnt.filtersIgnored ? undefined : await countSettled(session, look?.settled)
  if (!learnt.filtersIgnored) yield* readEmptied(session, [...learnt.emptied], after?.count ?? 0)
  const isRising = learnt.filtersIgnored && (yield* attempt(session, whole, readWithoutFilters(session)))
  // Where rows became visible late, a count that is older than they are could hide as many others.
  const isOutdated = learnt.filtersIgnored || (learnt.late ?? 0) > 0
  const told = isOutdated ? undefined : look?.all
  const last = session.isInterrupted ? undefined : await (told ?? probe(session, 'desc'))
  if (session.isInterrupted) return
  learnt.countAfter = last?.count
  const unfiltered = { before: oldest?.count, after: last?.count }
  if (learnt.filtersIgnored) {
    yield* attempt(session, whole, readUndatedEnds(session, oldest, last))
    return checkUnfiltered(session, unfiltered, isRising === true)
  }
  const settledAfter = isOutOfDate(session, after?.count, last?.count, look)
    ? await countSettled(session, undefined)
    : after
  const settled = { before: newest?.count, after: settledAfter?.count }
  checkCounts(session, settled, unfiltered)
  if (oldest === undefined || last === undefined) return
  yield* attempt(session, whole, readHidden(session, { asc: oldest, desc: last, settled }))
}

/**
 * Counts the settled rows. A count of none, although some were seen, is believed only where the oldest row that has a time is younger than the
 * settled second: a false one would hide every row that is missing.
 */
async function countSettled<Row>(
  session: Session<Row>,
  asking: Promise<Probe | undefined> | undefined,
): Promise<Probe | undefined> {
  const told = await (asking ?? probeSettled(session))
  if (told?.count !== 0 || seenSettled(session).least === 0) return told
  const oldest = await probe(session, 'asc', EVER)
  const isBelieved = oldest?.count === 0 || (oldest?.second ?? 0) > session.settledSecond
  const again = isBelieved ? told : await probeSettled(session)
  if (!isBelieved && again?.count === 0)
    session.doubt(
      `The API counts no backups created ${describe({ from: undefined, to: session.settledSecond })}, and shows some.`,
    )
  return again
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

/**
 * Whether the settled rows must be counted again: the count exceeds that of all rows, or so few of them are missing that they may have been
 * deleted before they were read. Where more are missing, no later count tells otherwise.
 */
function isOutOfDate<Row>(
  session: Session<Row>,
  settled: number | undefined,
  all: number | undefined,
  look: LastLook<Row> | undefined,
): boolean {
  const missing = (settled ?? 0) - seenSettled(session).most
  return (settled ?? 0) > (all ?? 0) || (missing > 0 && missing <= (look?.mostGone ?? 0))
}
