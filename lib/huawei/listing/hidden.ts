import { Fault } from '../../errors.ts'
import { readBackward } from './backward.ts'
import type { Batch } from './batch.ts'
import { type Hiding, readBorder } from './border.ts'
import { type Bounds, checkUnfiltered } from './closure.ts'
import type { Probe } from './learnt.ts'
import type { Parameters } from './listing.ts'
import { probe, probeSettled } from './probe.ts'
import type { Session } from './session.ts'
import { readUndatedEnds } from './undated-end.ts'
import { stamp } from './window.ts'
import { tellOfPasses } from './without-filters.ts'

/** Where nothing but counts can tell, so many rounds of them in a row must agree; two alone may do so by chance. */
const STEADY_ROUNDS = 3
/** Behind all that is made while an audit as of now reads. */
const FAR_SECONDS = 86_400

/** What is known of the list at its ends: the rows there, how many there are in all, and how many settled ones. */
interface Ends {
  readonly asc: Probe
  readonly desc: Probe
  readonly settled: Bounds
}

/**
 * Finds the rows that the time filters hide. Those without a creation time stand at one end of the unfiltered list, where the probes met
 * them; others, whatever the API makes of a time, are more than the filters count. Where the list has no order, nothing but counts that stand still
 * and agree, or a whole reading without a filter, shows that there are none.
 */
export async function* readHidden<Row>(session: Session<Row>, ends: Ends): AsyncGenerator<Batch<Row>> {
  const { asc, desc, settled } = ends
  const { learnt, register } = session
  const undatedFirst = yield* readUndatedEnds(session, asc, desc)
  const isStill = asc.count === desc.count && settled.before === settled.after
  if (isStill && showsAll(session, ends)) return
  if (!(await isOrdered(session, ends))) {
    if (!(await isNoneCounted(session, desc.count || undefined))) yield* readUnordered(session)
    return
  }
  // What is in no window because that was lost is not hidden.
  if (settled.after === undefined || learnt.lost) return
  const hiding = yield* comparing(session, readBorder(session, settled.after, undatedFirst))
  if (hiding === 'none') return
  const { beforeSettledSecond: shown } = register.tally
  const passes = yield* readBackward(session, [], 'created_at:asc')
  // What is deleted meanwhile is not missed by whoever reads backward: they were deletions.
  if (hiding === 'suspected' && register.tally.beforeSettledSecond === shown) return
  // For whoever goes on with this listing too.
  learnt.filtersIgnored = true
  tellOfPasses(session, passes)
  const { isRising } = passes
  checkUnfiltered(session, { before: asc.count, after: (await probe(session, 'desc'))?.count }, isRising)
}

/** All windows were read: where the comparison fails, that alone is in doubt. */
async function* comparing<Row>(
  session: Session<Row>,
  comparison: AsyncGenerator<Batch<Row>, Hiding>,
): AsyncGenerator<Batch<Row>, Hiding> {
  try {
    return yield* comparison
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    session.doubt(`Whether the time filters hide backups could not be found out: ${error.message}`)
    return 'none'
  }
}

/** Reads everything without a filter, where there is no order to be seen. */
async function* readUnordered<Row>(session: Session<Row>): AsyncGenerator<Batch<Row>> {
  const { isAgreed, isStill, isRising, isTied } = yield* readBackward(session, [], 'created_at:asc')
  if (!isAgreed || ((isTied || !isRising) && !isStill))
    session.doubt(
      'The API does not sort as asked, its counts leave room for backups that no time filter shows, and no two passes over the list without a filter were alike.',
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

/** Whether the counts of a list that stood still leave no room for hidden rows: the settled ones and the younger ones seen are all there are. */
function showsAll<Row>({ register, learnt }: Session<Row>, { asc, desc, settled }: Ends): boolean {
  const { tally } = register
  // As many may be deleted as came, and some of those stand in the place of hidden ones.
  if (tally.later > 0 || (learnt.late ?? 0) > 0) return false
  // Then they are more than those with a time, but for others that were deleted between the two counts.
  if (tally.undated > 0) return false
  // Nothing at all, where there was something: it slipped, or is gone.
  if ((desc.count ?? 0) < Math.min(1, asc.count ?? 0)) return false
  return desc.count === (settled.after ?? 0) + tally.young
}

/** With an end, as every window has one: a filter may hide by that alone. */
function sinceSettled<Row>({ settledSecond, horizonSecond }: Session<Row>): Parameters {
  return [
    ['start_time', stamp(settledSecond)],
    ['end_time', stamp(horizonSecond + FAR_SECONDS)],
  ]
}

/**
 * Whether counts with a filter and without one show again and again that no filter hides a row, beyond the undated ones found: those up to
 * the last settled second, and those from it on, are all there are. Rows of that very second may be counted twice, or not at all.
 */
async function isNoneCounted<Row>(session: Session<Row>, unfiltered: number | undefined): Promise<boolean> {
  const { tally } = session.register
  let all = unfiltered
  for (let round = 0; round < STEADY_ROUNDS; round += 1) {
    const settled = await probeSettled(session)
    const rest = await probe(session, 'asc', sinceSettled(session))
    const next = (await probe(session, 'desc'))?.count
    if (settled?.count === undefined || rest?.count === undefined || next === undefined) return false
    for (const count of [all ?? next, next]) {
      const hidden = count - settled.count - rest.count - tally.undated
      if (hidden !== 0 && Math.abs(hidden) !== tally.inSettledSecond) return false
    }
    all = next
  }
  return true
}
