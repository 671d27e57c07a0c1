import type { Batch } from './batch.ts'
import type { Answer, Parameters } from './listing.ts'
import { probeSettled } from './probe.ts'
import { nameOf } from './register.ts'
import type { Session } from './session.ts'
import { timeFilter, wholeSecond } from './window.ts'

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
 * Reads the list without a filter around the place where its settled rows end by the count of those, and on to the horizon. Returns whether it
 * holds more of them than the filter counts: how an API reads a time is its own affair (by the day, in a zone of its own), and what a filter hides
 * no window shows. Settled rows only get fewer, so one more than was counted before was hidden. The list must be sorted.
 */
export async function* readBorder<Row>(
  session: Session<Row>,
  settled: number,
  undatedFirst: number,
): AsyncGenerator<Batch<Row>, boolean> {
  const { tally } = session.register
  let [hidden, back] = [0, session.pageSize / 2]
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const counted = round === 0 ? settled : (await probeSettled(session))?.count
    if (counted === undefined) return false
    const offset = Math.max(0, counted + undatedFirst - Math.floor(back))
    const page = await askFrom(session, offset)
    const seen = tally.beforeSettledSecond
    yield session.take(page).fresh
    // All windows were read, and no settled row is new.
    if (tally.beforeSettledSecond > seen || (await isAnyHidden(session, page, offset))) return true
    const { least, most } = borderIn(session, page, offset, undatedFirst)
    if (least > counted) hidden += 1
    if (hidden === ENOUGH) return true
    // As many may have been deleted, or the filter counts what it should not.
    if (most + undatedFirst === offset) back *= FURTHER
    if (least > counted || most < counted) continue
    yield* readToHorizon(session, page, offset)
    return false
  }
  return hidden > 0
}

/** Whether the filters of a window hide a settled row that the list without them holds, before it was asked for in its window and behind. */
async function isAnyHidden<Row>(
  session: Session<Row>,
  { rows, keys, times }: Answer<Row>,
  offset: number,
): Promise<boolean> {
  const settled = times.filter((time) => wholeSecond(time) < session.settledSecond)
  for (const time of new Set([settled[settled.length >>> 1], settled.at(-1)])) {
    const key = keys.find(({ createdAt }) => createdAt === time)
    if (key === undefined || time === undefined) break
    const name = nameOf(rows[keys.indexOf(key)], key)
    const second = wholeSecond(time)
    const window = await askSorted(session, timeFilter({ from: second, to: second }))
    if (holds(session, window, name)) return false
    const isCut = window.rows.length >= session.pageSize
    if (!isCut && holds(session, await askFrom(session, offset), name)) return true
  }
  return false
}

function holds<Row>(session: Session<Row>, page: Answer<Row>, name: string): boolean {
  return session.namesOf(page).some((other) => other.name === name)
}

/** What stands before the horizon behind a page, which may have been hidden too, or became visible since. */
async function* readToHorizon<Row>(
  session: Session<Row>,
  first: Answer<Row>,
  offset: number,
): AsyncGenerator<Batch<Row>> {
  let [page, at] = [first, offset]
  while (page.rows.length > 0 && !page.times.some((time) => wholeSecond(time) > session.horizonSecond)) {
    at += page.rows.length
    if (at >= (page.count ?? at)) return
    page = await askFrom(session, at)
    yield session.take(page).fresh
  }
}

function askFrom<Row>(session: Session<Row>, offset: number): Promise<Answer<Row>> {
  return askSorted(session, [['offset', String(offset)]])
}

function askSorted<Row>(session: Session<Row>, parameters: Parameters): Promise<Answer<Row>> {
  return session.ask([['sort', 'created_at:asc'], ...parameters])
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
