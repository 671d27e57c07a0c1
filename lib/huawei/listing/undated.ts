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
