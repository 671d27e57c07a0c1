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

/** A row that a window of its own second should show. */
interface Suspect {
  readonly second: number
  readonly name: string
}

/**
 * Reads the list without a filter around the place where its settled rows end by the count of those. Returns whether it
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
    const suspects = suspectsOf(session, page)
    yield session.take(page).fresh
    // All windows were read, and no settled row is new.
    if (tally.beforeSettledSecond > seen || (await areHidden(session, suspects, offset))) return true
    const { least, most } = borderIn(session, page, offset, undatedFirst)
    if (least > counted) hidden += 1
    if (hidden === ENOUGH) return true
    // As many may have been deleted, or the filter counts what it should not.
    if (most + undatedFirst === offset) back *= FURTHER
    if (least <= counted && counted <= most) return false
  }
  return hidden > 0
}

/** Two rows of the page that the windows should have shown, those first that they did not show: they may be hidden, or visible since. */
function suspectsOf<Row>(session: Session<Row>, { rows, keys }: Answer<Row>): readonly Suspect[] {
  const inside = keys.flatMap((key, index): readonly Suspect[] => {
    const second = key.createdAt === undefined ? undefined : wholeSecond(key.createdAt)
    const isInside = second !== undefined && second < session.horizonSecond
    return isInside ? [{ second, name: nameOf(rows[index], key) }] : []
  })
  const unseen = inside.filter(({ name }) => !session.register.knows(name))
  const of = unseen.length > 0 ? unseen : inside
  return [of.at(-1), of[of.length >>> 1]].filter((suspect) => suspect !== undefined)
}

/**
 * Whether the filters of a window hide rows that the list without them holds, before they were asked for in their window and behind. All of
 * them, as an answer may be a slip, or a row be deleted meanwhile.
 */
async function areHidden<Row>(
  session: Session<Row>,
  suspects: readonly Suspect[],
  offset: number,
): Promise<boolean> {
  for (const { second, name } of suspects) {
    const window = await askSorted(session, timeFilter({ from: second, to: second }))
    if (holds(session, window, name) || window.rows.length >= session.pageSize) return false
    if (!holds(session, await askFrom(session, offset), name)) return false
  }
  return suspects.length > 0
}

function holds<Row>(session: Session<Row>, page: Answer<Row>, name: string): boolean {
  return session.namesOf(page).some((other) => other.name === name)
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
