import { wholeSecond } from '../../time.ts'
import { askSorted } from './ask-sorted.ts'
import type { Batch } from './batch.ts'
import { areHidden, areStrangers, expectedOf, unseenSecondsOf } from './expected-rows.ts'
import type { Answer } from './listing.ts'
import { probeSettled } from './probe.ts'
import { readOn, STANDS_STILL } from './read-on.ts'
import type { Session } from './session.ts'

const MAX_ROUNDS = 8
/** So many looks between two counts tell what deletions account for, and what they do not. */
const MAX_SAMPLES = 5
/** One count may be a slip, or older than a row that became visible late. */
const ENOUGH = 2
/** How much further back to look for the border where it lies before a page. */
const FURTHER = 4

/** More than deletions between two requests account for, which fall on either side of a page alike. */
const SURPLUS = 0.5

/** Whether filters hide settled rows; suspected is what deletions may account for too. */
export type Hiding = 'none' | 'suspected' | 'shown'

/** Where the settled rows end in the list without a filter: how many are older than the last settled second, and how many are not younger. */
interface Border {
  readonly least: number
  readonly most: number
}

/** A page of the list without a filter, and what the filter counted right behind it. */
interface Look<Row> extends Border {
  readonly page: Answer<Row>
  readonly offset: number
  readonly after: number
}

/**
 * Reads the sorted list without a filter around the place where the settled rows should end, and from there on to the horizon; tells whether it
 * holds more settled rows than the filter counts, which then hides some. How an API reads a time is its own affair (by the day, in a zone
 * of its own), and what a filter hides no window shows. Settled rows only get fewer: one more than was counted before was hidden, and
 * where no more stand there than are counted afterwards, none is. The list must be sorted.
 */
export async function* readBorder<Row>(
  session: Session<Row>,
  settled: number,
  undatedFirst: number,
): AsyncGenerator<Batch<Row>, Hiding> {
  const half = session.pageSize / 2
  let [hidden, back, isNoneHidden] = [0, half, false]
  let look: Look<Row> | undefined
  const unseenSeconds = new Set<number>()
  const surplus: number[] = []
  for (let round = 0; round < MAX_ROUNDS && surplus.length < MAX_SAMPLES; round += 1) {
    const before = round === 0 ? settled : (await probeSettled(session))?.count
    if (before === undefined) return 'none'
    const offset = Math.max(0, before + undatedFirst - Math.floor(back))
    look = await lookAt(session, offset, undatedFirst)
    if (look === undefined) return 'none'
    const { page, least, most, after } = look
    const expected = expectedOf(session, page)
    for (const second of unseenSecondsOf(expected)) unseenSeconds.add(second)
    yield session.take(page).fresh
    if (areStrangers(session, expected)) return 'shown'
    if (await areHidden(session, expected, { offset, count: page.count })) return 'shown'
    if (least > before) hidden += 1
    if (hidden === ENOUGH) return 'shown'
    isNoneHidden = least <= after && after <= most
    if (isNoneHidden) break
    // As many may have been deleted, or the filter counts what it should not.
    if (most + undatedFirst === offset) back *= FURTHER
    else if (least + undatedFirst === offset + page.rows.length) back = half
    // The first count is older than the page by more than one request.
    else if (round > 0) surplus.push(least - (before + after) / 2)
  }
  if (!isNoneHidden && mean(surplus) >= SURPLUS) return 'suspected'
  if (look !== undefined) yield* readOn(session, look.page, look.offset, unseenSeconds)
  return 'none'
}

/** Undefined where the API tells nothing of what stands there. */
async function lookAt<Row>(
  session: Session<Row>,
  offset: number,
  undatedFirst: number,
): Promise<Look<Row> | undefined> {
  const first = await askSorted(session, offset)
  const page = isElsewhere(first, offset) ? await askSorted(session, offset) : first
  if (isElsewhere(page, offset)) {
    session.doubt(STANDS_STILL)
    return undefined
  }
  const after = (await probeSettled(session))?.count
  if (after === undefined) return undefined
  return { page, offset, after, ...borderIn(session, page, offset, undatedFirst) }
}

/** A server that ignores the offset sends more rows than there are behind it. */
function isElsewhere({ rows, count = Number.POSITIVE_INFINITY }: Answer<unknown>, offset: number): boolean {
  return rows.length > 0 && offset + rows.length > count
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
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
