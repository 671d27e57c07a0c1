import { IdSet } from '../../id-set.ts'
import { readBackward } from './backward.ts'
import type { Batch } from './batch.ts'
import { MAX_REPEATS } from './chain.ts'
import type { Bounds } from './closure.ts'
import type { Probe } from './learnt.ts'
import type { Answer } from './listing.ts'
import { EVER, probe } from './probe.ts'
import type { Session } from './session.ts'

const MAX_COMPARISONS = 6
/** Where nothing but counts can tell, so many rounds of them in a row must agree; two alone may do so by chance. */
const STEADY_ROUNDS = 3

/** What is known of the list at its ends: the rows there, how many there are in all, and how many settled ones. */
interface Ends {
  readonly asc: Probe
  readonly desc: Probe
  readonly settled: Bounds
}

/**
 * Finds the rows that every time filter hides because they have no creation time. They stand at one end of the
 * unfiltered list, where the probes met them; should they stand elsewhere, the counts with and without a filter
 * differ, and go on differing however the collection moves. Where the list has no order, nothing but counts that stand still
 * and agree, or a whole reading without a filter, shows that there are none.
 */
export async function* readUndated<Row>(session: Session<Row>, ends: Ends): AsyncGenerator<Batch<Row>> {
  if (ends.asc.isUndated) yield* readEnd(session, 'asc')
  if (ends.desc.isUndated) yield* readEnd(session, 'desc')
  if (showsAll(session, ends)) return
  const { least, most } = await countHidden(session, ends.desc.count || undefined)
  if (isOrdered(session) ? least <= 0 : least === 0 && most === 0) return
  const seen = session.register.tally.distinct
  const { isAgreed, isStill } = yield* readBackward(session, [], 'created_at:asc')
  const missing = Math.max(0, least) - (session.register.tally.distinct - seen)
  if (missing > 0 || !(isOrdered(session) ? isAgreed : isStill))
    session.doubt(
      `The API counts backups that no time filter shows (${Math.max(missing, most)} at most), and no listing without a filter was shown to hold them all.`,
    )
}

/** Whether rows without a time stand at one end of the unfiltered list, as far as its order is to be seen: there some were met, or were looked for. */
function isOrdered<Row>({ learnt, register: { tally } }: Session<Row>): boolean {
  return !learnt.sortIgnored && (learnt.sortShown || !learnt.sortHidden || tally.undated > 0)
}

/**
 * Whether the counts leave no room for rows without a time: the settled rows are all there are, or, where nothing moved,
 * are so together with the younger ones seen. Without an order, counts of a list that moves agree by chance.
 */
function showsAll<Row>(session: Session<Row>, { asc, desc, settled }: Ends): boolean {
  // Then they are more than those with a time, but for others that were deleted between the two counts.
  if (session.register.tally.undated > 0) return false
  const isStill = asc.count === desc.count && settled.before === settled.after
  if (!isOrdered(session) && !isStill) return false
  // Nothing at all, where there was something: it slipped, or is gone.
  if ((desc.count ?? 0) < Math.min(1, asc.count ?? 0)) return false
  return desc.count === (settled.after ?? 0) + (isStill ? session.register.tally.young : 0)
}

/** Rows without a time, from one end of the unfiltered list to the first row that has one, or to the end of all. */
async function* readEnd<Row>(session: Session<Row>, direction: 'asc' | 'desc'): AsyncGenerator<Batch<Row>> {
  // Of this reading alone: the other end may have shown some of them before.
  const met = new IdSet()
  for (let offset = 0; ; ) {
    const isEnd = ({ count = offset }: Answer<Row>) => met.size <= count && count <= offset
    const page = await askOn(session, direction, offset, isEnd)
    yield session.take(page).fresh
    if (offset === 0 && page.times.length === page.rows.length)
      session.doubt(
        'A backup without a creation time was seen at the end of the list, and was not there to be read.',
      )
    if (page.rows.length === 0 && !isEnd(page))
      session.doubt(
        `After ${met.size} backups without a creation time the API sent none, each time it was asked, and counted ${page.count}.`,
      )
    if (isDoubled(session, page))
      session.doubt(
        'Of the backups without a creation time the API sent some twice on one page, each time it was asked, so that others may be missing.',
      )
    const known = met.size
    for (const { name } of session.namesOf(page)) met.add(name)
    // Fewer may have been pushed on by as many that are new.
    if (met.size === known && page.rows.length >= session.pageSize)
      session.doubt(
        `After ${known} backups without a creation time the API sent the same ones once more, and counted ${page.count}.`,
      )
    if (met.size === known || page.times.length > 0) return
    offset += page.rows.length
  }
}

/** Whether a row came twice on a page, perhaps in the place of another. */
function isDoubled<Row>(session: Session<Row>, page: Answer<Row>): boolean {
  return new Set(session.namesOf(page).map(({ name }) => name)).size < page.rows.length
}

/** An empty answer may be a slip, but where it counts all that came before it; a page on which a row comes twice is one. */
async function askOn<Row>(
  session: Session<Row>,
  direction: 'asc' | 'desc',
  offset: number,
  isEnd: (page: Answer<Row>) => boolean,
): Promise<Answer<Row>> {
  for (let repeats = 0; ; repeats += 1) {
    const page = await session.ask([
      ['sort', `created_at:${direction}`],
      ['offset', String(offset)],
    ])
    const isSlip = page.rows.length === 0 ? offset === 0 || !isEnd(page) : isDoubled(session, page)
    if (!isSlip || repeats === MAX_REPEATS) return page
  }
}

/**
 * How many rows, beyond the undated ones found, the time filters hide, by counts with and without a filter in turn.
 * Movement between two counts blurs them: the least difference and the greatest are what can be said.
 */
async function countHidden<Row>(
  session: Session<Row>,
  unfiltered: number | undefined,
): Promise<{ readonly least: number; readonly most: number }> {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let all = unfiltered
  const isNeeded = (round: number) => (isOrdered(session) ? least > 0 : round < STEADY_ROUNDS)
  for (let round = 0; round < MAX_COMPARISONS && isNeeded(round); round += 1) {
    const dated = (await probe(session, 'desc', EVER))?.count
    const next = (await probe(session, 'desc'))?.count
    for (const count of [all, next]) {
      if (count === undefined || dated === undefined) continue
      const { undated } = session.register.tally
      // Where nothing at all is counted, though rows are known, something slipped.
      if (count === 0 && dated + undated > 0) continue
      const hidden = count - dated - undated
      least = Math.min(least, hidden)
      most = Math.max(most, hidden)
    }
    all = next
  }
  return least > most ? { least: 0, most: 0 } : { least, most }
}
