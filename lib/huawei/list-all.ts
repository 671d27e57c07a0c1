import { emptied } from '../emptied.ts'
import { OutOfTime } from '../out-of-time.ts'
import type { Batch } from './listing/batch.ts'
import type { ListingBookmark } from './listing/bookmark.ts'
import { close } from './listing/closing.ts'
import { LastLook, REQUESTS_OF_LAST_LOOK } from './listing/last-look.ts'
import type { Opening } from './listing/learnt.ts'
import type { Listing, ListingOptions } from './listing/listing.ts'
import { Plan } from './listing/plan.ts'
import { probe, probeSettled } from './listing/probe.ts'
import { Session } from './listing/session.ts'
import type { Span } from './listing/span.ts'
import { readSpans } from './listing/spans.ts'
import type { Work } from './listing/work.ts'

type Rows<Row> = AsyncGenerator<Batch<Row>>

/**
 * Lists a collection completely while it changes: every row created up to the horizon that exists throughout the run
 * is yielded exactly once, or the outcome says why that is not shown. Where time runs out the outcome has a bookmark, and a listing
 * from there goes on: the promise holds for both together.
 */
export function listAll<Row>(options: ListingOptions<Row>, from?: ListingBookmark): Listing<Row> {
  const session = new Session(options, from)
  const batches = emptied(read(session))
  return { [Symbol.asyncIterator]: () => batches, outcome: () => session.outcome() }
}

async function* read<Row>(session: Session<Row>): AsyncGenerator<Row[]> {
  try {
    for await (const batch of readAll(session)) {
      const rows = batch.give()
      if (rows.length > 0) yield rows
    }
    if (!session.isInterrupted) session.end()
  } catch (error) {
    // Before the windows are cut nothing was learnt that is worth going on with.
    if (!(error instanceof OutOfTime) || session.spans === undefined) throw error
    session.isInterrupted = true
  } finally {
    session.abort()
  }
}

async function* readAll<Row>(session: Session<Row>): Rows<Row> {
  const { learnt } = session
  const opening = learnt.opening ?? (await open(session))
  if (opening === undefined) return
  learnt.opening = opening
  const begun = yield* readWindows(session, opening)
  if (session.isInterrupted) return
  yield* close(session, opening, begun ?? (yield* lookAlone(session)))
}

/** The last look where it did not begin beside windows; none where the API does not filter by time. */
async function* lookAlone<Row>(session: Session<Row>): AsyncGenerator<Batch<Row>, LastLook<Row> | undefined> {
  if (session.learnt.filtersIgnored) return undefined
  const look = new LastLook(session)
  yield* look.latest()
  return look
}

/** Learns the ends of the list, and counts it. Undefined where not even the first request was answered. */
async function open<Row>(session: Session<Row>): Promise<Opening | undefined> {
  const { learnt } = session
  const asking = probe(session, 'asc').then((answer) => {
    learnt.countBefore = answer?.count
    return answer
  })
  if (session.concurrency === 1) await asking
  const [oldest, beside] = await Promise.all([asking, probeSettled(session, asking)])
  if (oldest === undefined && session.fault !== undefined) return undefined
  // A deletion may have come between the two, and then the settled ones seem more than all.
  const isOutdated = (beside?.count ?? 0) > (oldest?.count ?? 0)
  const newest = isOutdated ? await probeSettled(session) : beside
  learnt.expected = newest?.count ?? oldest?.count
  session.register.expect(learnt.expected ?? 0)
  if ((oldest?.second ?? 0) > (newest?.second ?? Number.POSITIVE_INFINITY)) learnt.sortIgnored = true
  return { oldest, newest }
}

/** Reads the windows, or those that are left of them, and begins to make sure of the end while the last ones are under way. */
async function* readWindows<Row>(
  session: Session<Row>,
  opening: Opening,
): AsyncGenerator<Batch<Row>, LastLook<Row> | undefined> {
  const plan = new Plan(workOf(session, opening), session.spans)
  const cutOff: Span[] = []
  let look: LastLook<Row> | undefined
  session.spans = plan.rest()
  yield* readSpans(session, () => plan.next(), {
    onCutOff: (span) => cutOff.push(span),
    onEnd: (span) => plan.end(span),
    beside: () => {
      const underWay = plan.underWay()
      const isRoom = underWay.length + REQUESTS_OF_LAST_LOOK <= session.concurrency
      const isTime = isRoom && plan.isEndingBefore(session.settledSecond)
      if (!isTime || look !== undefined || session.learnt.filtersIgnored) return undefined
      look = new LastLook(session, underWay)
      return look.latest()
    },
  })
  session.spans = [...cutOff, ...plan.rest()]
  return look
}

function workOf<Row>(session: Session<Row>, { oldest, newest }: Opening): Work {
  const { learnt, register, pageLimit, concurrency } = session
  return {
    whole: { from: undefined, to: session.horizonSecond },
    oldest: oldest?.second,
    newest: newest?.second,
    pages: Math.ceil(((learnt.expected ?? 0) - register.tally.distinct) / pageLimit),
    pageSize: pageLimit,
    concurrency,
    mayBeEmpty: oldest?.count === 0,
  }
}
