import type { Batch } from './batch.ts'
import type { Probe } from './learnt.ts'
import { probe, probeSettled } from './probe.ts'
import type { Session } from './session.ts'
import type { Span } from './span.ts'
import { handOut, readSpans } from './spans.ts'

/** So many requests it begins with. */
export const REQUESTS_OF_LAST_LOOK = 3

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
  /** For each window under way how many rows it will have brought in all, by what it said last. */
  readonly #promised: readonly (readonly [Span, number])[]

  constructor(session: Session<Row>, underWay: readonly Span[] = []) {
    this.#session = session
    this.#promised = underWay.map((span) => [span, (span.read ?? 0) + (span.left ?? 0)])
    this.all = session.concurrency >= REQUESTS_OF_LAST_LOOK ? probe(session, 'desc') : undefined
    this.settled = session.concurrency > 1 ? probeSettled(session) : undefined
    // Failures are dealt with where these are awaited. Where the reading ends before that, nobody needs to know of them.
    for (const asking of [this.all, this.settled]) asking?.catch(() => {})
  }

  /** The most settled rows that were counted here and deleted before they were read: what open windows announced, and did not bring. */
  get mostGone(): number {
    return this.#promised.reduce((gone, [{ read = 0 }, promised]) => gone + Math.max(0, promised - read), 0)
  }

  /** Reads the last minutes a second time, for rows that became visible late. */
  async *latest(): AsyncGenerator<Batch<Row>> {
    const { learnt, settledSecond, horizonSecond, register } = this.#session
    const { young, later } = register.tally
    const window = { from: settledSecond, to: horizonSecond, isAgain: true, left: Math.max(0, young - later) }
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
