import type { Batch } from './batch.ts'
import type { Probe } from './learnt.ts'
import { probe, probeSettled } from './probe.ts'
import type { Session } from './session.ts'
import { handOut, readSpans } from './spans.ts'

/**
 * What is asked at the end, at the same time: how many rows there are, how many settled ones, and what was made in the last minutes.
 * It may begin while other windows are under way, but for those of the last minutes: rows that were counted then and
 * deleted before they were read only make a count too high, which is taken again.
 */
export class LastLook<Row> {
  /** All rows, and the newest; undefined where it is to be asked alone. */
  readonly all: Promise<Probe | undefined> | undefined
  /** The same of the settled rows. */
  readonly settled: Promise<Probe | undefined> | undefined
  readonly #session: Session<Row>

  constructor(session: Session<Row>) {
    this.#session = session
    this.all = session.concurrency > 2 ? probe(session, 'desc') : undefined
    this.settled = session.concurrency > 1 ? probeSettled(session) : undefined
    // Whatever they come to is met in the end, but for whom nobody reads any more.
    for (const asking of [this.all, this.settled]) asking?.catch(() => {})
  }

  /** Reads the last minutes a second time, for rows that became visible late. */
  async *latest(): AsyncGenerator<Batch<Row>> {
    const { learnt, settledSecond, horizonSecond } = this.#session
    const window = { from: settledSecond, to: horizonSecond, isAgain: true }
    learnt.late ??= 0
    for await (const batch of readSpans(this.#session, handOut([window], mayBeEmpty(this.#session)))) {
      learnt.late += batch.size
      yield batch
    }
  }
}

/** Whether nothing is known to lie in the latest window, and nothing was hidden there by an empty answer. */
function mayBeEmpty<Row>({ learnt, register: { tally }, settledSecond }: Session<Row>): boolean {
  if (tally.inSettledSecond + tally.young > tally.later) return false
  return learnt.countBefore === 0 || !learnt.emptied.some(({ to }) => to >= settledSecond)
}
