import { IdSet } from '../../id-set.ts'
import type { Batch } from './batch.ts'
import type { Probe } from './learnt.ts'
import type { Answer } from './listing.ts'
import { MAX_REPEATS } from './reading.ts'
import type { Session } from './session.ts'

/** Reads the rows without a time from each end where one was met; returns how many stand before all others. */
export async function* readUndatedEnds<Row>(
  session: Session<Row>,
  oldest: Probe | undefined,
  newest: Probe | undefined,
): AsyncGenerator<Batch<Row>, number> {
  const { tally } = session.register
  if (oldest?.isUndated === true) yield* readUndatedEnd(session, 'asc')
  const first = oldest?.isUndated === true ? tally.undated : 0
  if (newest?.isUndated === true) yield* readUndatedEnd(session, 'desc')
  return first
}

/** Reads the rows without a time from one end of the unfiltered list to the first row that has one, or to the end of all. */
async function* readUndatedEnd<Row>(
  session: Session<Row>,
  direction: 'asc' | 'desc',
): AsyncGenerator<Batch<Row>> {
  // Of this reading alone: the other end may have shown some of them before.
  const met = new IdSet()
  for (let offset = 0; ; ) {
    const page = await askOn(session, direction, offset, met)
    yield session.take(page).fresh
    const known = met.size
    for (const { name } of session.namesOf(page)) met.add(name)
    if (met.size === known || page.times.length > 0) return
    offset += page.rows.length
  }
}

/** Asks for a page once more where it is none to go on from, and doubts what still is none. */
async function askOn<Row>(
  session: Session<Row>,
  direction: 'asc' | 'desc',
  offset: number,
  met: IdSet,
): Promise<Answer<Row>> {
  const parameters = [
    ['sort', `created_at:${direction}`],
    ['offset', String(offset)],
  ] as const
  for (let repeats = 0; ; repeats += 1) {
    const page = await session.ask(parameters)
    const slip = slipOn(session, page, offset, met)
    const isLast = slip === undefined || repeats === MAX_REPEATS
    if (isLast && slip) session.doubt(`${slip}, each time it was asked, and counted ${page.count}.`)
    if (isLast) return page
  }
}

/** What is odd about a page that begins behind so many rows without a time; empty where it is to be asked for again, but proves nothing. */
function slipOn<Row>(
  session: Session<Row>,
  page: Answer<Row>,
  offset: number,
  met: IdSet,
): string | undefined {
  const { count = offset } = page
  const behind = `After ${met.size} backups without a creation time the API sent`
  if (page.rows.length === 0) {
    const isEnd = met.size <= count && count <= offset
    return isEnd ? (offset === 0 ? '' : undefined) : `${behind} none`
  }
  if (offset === 0 && page.times.length === page.rows.length)
    return 'At the end of the list, where a backup without a creation time was seen, the API sent none'
  const names = session.namesOf(page).map(({ name }) => name)
  if (new Set(names).size < names.length) return `${behind} some twice on one page`
  // A shorter page may hold fewer that are new, which as many new ones have pushed on.
  const isAgain = page.rows.length >= session.pageSize && names.every((name) => met.has(name))
  return isAgain ? `${behind} the same ones once more` : undefined
}
