import { readBackward } from './backward.ts'
import type { Batch } from './batch.ts'
import type { Bounds } from './closure.ts'
import type { Probe } from './learnt.ts'
import { EVER, probe } from './probe.ts'
import type { Session } from './session.ts'
import { readUndatedEnd } from './undated-end.ts'

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
  if (ends.asc.isUndated) yield* readUndatedEnd(session, 'asc')
  if (ends.desc.isUndated) yield* readUndatedEnd(session, 'desc')
  const { asc, desc, settled } = ends
  const isStill = asc.count === desc.count && settled.before === settled.after
  if (isStill && showsAll(session, ends, isStill)) return
  const hasOrder = await isOrdered(session, ends)
  if (hasOrder && showsAll(session, ends, isStill)) return
  const { least, most } = await countHidden(session, desc.count || undefined, hasOrder)
  if (hasOrder ? least <= 0 : least === 0 && most === 0) return
  const seen = session.register.tally.distinct
  const passes = yield* readBackward(session, [], 'created_at:asc')
  const missing = Math.max(0, least) - (session.register.tally.distinct - seen)
  if (missing > 0 || !(hasOrder && !session.learnt.sortIgnored ? passes.isAgreed : passes.isStill))
    session.doubt(
      `The API counts backups that no time filter shows (${Math.max(missing, most)} at most), and no listing without a filter was shown to hold them all.`,
    )
}

/** Whether the list has an order to be seen, so that rows without a time stand at one end of it: there some were met, or were looked for. */
async function isOrdered<Row>(session: Session<Row>, { desc }: Ends): Promise<boolean> {
  const { learnt, register } = session
  if (learnt.sortIgnored) return false
  if (learnt.sortShown || !learnt.sortHidden || register.tally.undated > 0) return true
  // Pages of one moment look the same in any order, but not ends that lie apart; nor, asked for one after the other, where all that
  // the API knows is its newest.
  const { oldest, newest } = learnt.opening ?? {}
  return isBefore(oldest, newest) || isBefore(await probe(session, 'asc'), desc)
}

function isBefore(one: Probe | undefined, other: Probe | undefined): boolean {
  return one?.second !== undefined && other?.second !== undefined && one.second < other.second
}

/**
 * Whether the counts leave no room for rows without a time: the settled rows are all there are, or, where nothing moved,
 * are so together with the younger ones seen. Without an order, counts of a list that moves would agree by chance.
 */
function showsAll<Row>(session: Session<Row>, { asc, desc, settled }: Ends, isStill: boolean): boolean {
  // Then they are more than those with a time, but for others that were deleted between the two counts.
  if (session.register.tally.undated > 0) return false
  // Nothing at all, where there was something: it slipped, or is gone.
  if ((desc.count ?? 0) < Math.min(1, asc.count ?? 0)) return false
  return desc.count === (settled.after ?? 0) + (isStill ? session.register.tally.young : 0)
}

/**
 * How many rows, beyond the undated ones found, the time filters hide, by counts with and without a filter in turn.
 * Movement between two counts blurs them: the least difference and the greatest are what can be said.
 */
async function countHidden<Row>(
  session: Session<Row>,
  unfiltered: number | undefined,
  hasOrder: boolean,
): Promise<{ readonly least: number; readonly most: number }> {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let all = unfiltered
  const isNeeded = (round: number) => (hasOrder ? least > 0 : round < STEADY_ROUNDS)
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
