import { wholeSecond } from '../../time.ts'
import { askSorted } from './ask-sorted.ts'
import type { Batch } from './batch.ts'
import { areHidden, areStrangers, expectedOf } from './expected-rows.ts'
import type { Answer } from './listing.ts'
import { probeSettled } from './probe.ts'
import type { Session } from './session.ts'

const MAX_ROUNDS = 6
/** One count may be a slip, or older than a row that became visible late. */
const ENOUGH = 2
/** How much further back to look for the border where it lies before a page. */
const FURTHER = 4

/** Where the settled rows end in the list without a filter: how many are older than the last settled second, and how many are not younger. */
interface Border {
  readonly least: number
  readonly most: number
}

/**
 * Reads the sorted list without a filter around the place where the settled rows should end, and returns whether it holds more of
 * them than the filter counts; then the filter hides rows. How an API reads a time is its own affair (by the day, in a zone of its own), and what a filter hides
 * no window shows. Settled rows only get fewer, so one more than was counted before was hidden. The list must be sorted.
 */
export async function* readBorder<Row>(
  session: Session<Row>,
  settled: number,
  undatedFirst: number,
): AsyncGenerator<Batch<Row>, boolean> {
  let [hidden, back] = [0, session.pageSize / 2]
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const counted = round === 0 ? settled : (await probeSettled(session))?.count
    if (counted === undefined) return false
    const offset = Math.max(0, counted + undatedFirst - Math.floor(back))
    const page = await askSorted(session, offset)
    // A page that goes on beyond its own count does not begin at the offset asked for, and tells nothing of what stands there.
    if (page.rows.length > 0 && offset + page.rows.length > (page.count ?? Number.POSITIVE_INFINITY))
      return false
    const expected = expectedOf(session, page)
    yield session.take(page).fresh
    if (areStrangers(session, expected)) return true
    if (await areHidden(session, expected, { offset, count: page.count })) return true
    const { least, most } = borderIn(session, page, offset, undatedFirst)
    if (least > counted) hidden += 1
    if (hidden === ENOUGH) return true
    // As many may have been deleted, or the filter counts what it should not.
    if (most + undatedFirst === offset) back *= FURTHER
    if (least <= counted && counted <= most) return false
  }
  return false
}

function borderIn<Row>(
  { settledSecond }: Session<Row>,
  { keys }: Answer<Row>,
  offset: number,
  undatedFirst: number,
): Border {
  const seconds = keys.map(({ createdAt }) => createdAt && wholeSecond(createdAt))
  // Rows without a time stand before all others, or behind them.
  const leading = undatedFirst === 0 ? 0 : seconds.findIndex((second) => second !== undefined)
  const placeOf = (isBehind: (second: number) => boolean) => {
    const index = seconds.findIndex(
      (second, at) => at >= leading && (second === undefined || isBehind(second)),
    )
    return offset - undatedFirst + (index === -1 ? seconds.length : index)
  }
  return {
    least: placeOf((second) => second >= settledSecond),
    most: placeOf((second) => second > settledSecond),
  }
}
