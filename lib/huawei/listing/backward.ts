import { IdSet } from '../../id-set.ts'
import type { Batch } from './batch.ts'
import { isRising } from './is-rising.ts'
import type { Answer, Parameters } from './listing.ts'
import type { Session } from './session.ts'

/** The order in which nothing is tied. */
export const BY_ID = 'id:asc'
const MAX_PASSES = 8
/** Pages beyond the counted end within which the list must end, and pages in a row that may tell a pass nothing. */
const SPARE_PAGES = 10

/** What repeated passes have shown. */
export interface Passes {
  /**
   * Two passes in a row met the same rows, or three of which the last two met nothing new (rows may be deleted
   * meanwhile; but where ids were asked for in their order, and came in none, such silence is chance); no fewer rows
   * were met than the API counted when the last one began; and no page of it was cut short, but where the list stood still.
   */
  readonly isAgreed: boolean
  /** Whether the last two passes met the same rows, exactly as many as counted: the list stood still. */
  readonly isStill: boolean
  /** Whether every page came in rising order of creation, with what is made meanwhile behind all that was there. */
  readonly isRising: boolean
  /** Whether a page may have begun between rows of one moment: by time nothing fixes their order, and what moves there can be passed over. */
  readonly isTied: boolean
}

/**
 * Pages by offset, from the end to the beginning, again and again until the passes agree: a deletion moves rows
 * only towards the beginning, where they are still to be read.
 */
export async function* readBackward<Row>(
  session: Session<Row>,
  filter: Parameters,
  sort: string,
): AsyncGenerator<Batch<Row>, Passes> {
  const met = new IdSet()
  let isRising = true
  let isTied = false
  let earlier: Pass | undefined
  for (let passes = 0; passes < MAX_PASSES; passes += 1) {
    const pass: Pass = new Pass(met, earlier?.inside)
    yield* readPass(session, [['sort', sort], ...filter], pass)
    isRising &&= pass.isRising
    isTied ||= pass.isTied
    if (pass.isEndless) break
    const isQuiet = pass.news === 0 && earlier?.news === 0 && (sort !== BY_ID || pass.isRisingById)
    const isCounted = !pass.isOdd && met.size >= (pass.count ?? 0)
    const isStill = pass.isSame && pass.isCountedExactly
    if ((pass.isSame || isQuiet) && isCounted && (isStill || !pass.isCut))
      return { isAgreed: true, isStill, isRising, isTied }
    earlier = pass
  }
  return { isAgreed: false, isStill: false, isRising, isTied }
}

/** One pass over everything that matches, and how it compares with the one before. */
class Pass {
  /** What the API counted at its start. */
  count: number | undefined
  isRising = true
  isRisingById = true
  /** Whether an answer held more rows than its own count leaves after its offset, or the same ones further on: then offsets mean nothing. */
  isOdd = false
  /** Whether a page ended before its time, so that the next began where deletions push rows out of sight. */
  isCut = false
  /** Whether a page began with rows of one moment. */
  isTied = false
  /** Whether the list went on far beyond its count, or told the same again and again. */
  isEndless = false
  /** Rows inside the audit that no pass had met. */
  news = 0
  readonly inside = new IdSet()
  readonly #all = new IdSet()
  readonly #met: IdSet
  readonly #before: IdSet | undefined
  #strangers = 0

  constructor(met: IdSet, before: IdSet | undefined) {
    this.#met = met
    this.#before = before
  }

  /** Whether it met exactly the rows that the pass before it met. */
  get isSame(): boolean {
    return this.#before !== undefined && this.#strangers === 0 && this.inside.size === this.#before.size
  }

  /** Whether it met as many rows as were counted, those outside the audit too. */
  get isCountedExactly(): boolean {
    return this.#all.size === this.count
  }

  /** Takes note of a page; returns how many of its rows this pass had not met. */
  add<Row>(session: Session<Row>, page: Answer<Row>, offset: number): number {
    if (page.rows.length > Math.max(0, (page.count ?? Number.POSITIVE_INFINITY) - offset)) this.isOdd = true
    const known = this.#all.size
    const left = (page.count ?? 0) - offset
    if (page.rows.length < Math.min(left, session.pageSize)) this.isCut = true
    const [first, second] = page.times
    if (offset > 0 && first !== undefined && first === second) this.isTied = true
    // Rows without a time at the end are pushed on by every new one before them.
    const endsUndated = page.keys.length > 0 && page.keys.at(-1)?.createdAt === undefined
    this.isRising &&= isRising(page.times) && !endsUndated
    const names = session.namesOf(page)
    this.isRisingById &&= isRising(names.map(({ name }) => name))
    for (const { name, isInside } of names) {
      this.#all.add(name)
      const isNew = this.#met.add(name)
      if (!isInside || !this.inside.add(name)) continue
      if (isNew) this.news += 1
      if (this.#before?.has(name) === false) this.#strangers += 1
    }
    const news = this.#all.size - known
    // The same rows elsewhere: then offsets mean nothing.
    if (news === 0 && page.rows.length > 0) this.isOdd = true
    return news
  }
}

async function* readPass<Row>(
  session: Session<Row>,
  filter: Parameters,
  pass: Pass,
): AsyncGenerator<Batch<Row>> {
  const probe = await session.ask(filter, 1)
  yield session.take(probe).fresh
  pass.count = probe.count
  const end = probe.count ?? 0
  // From where the end should be to where it is.
  for (let offset = end, pages = 0; ; pages += 1) {
    if (probe.count !== undefined && pages > SPARE_PAGES) {
      pass.isEndless = true
      return
    }
    const page = await session.ask([...filter, ['offset', String(offset)]])
    yield session.take(page).fresh
    if (pass.add(session, page, offset) === 0) break
    offset += page.rows.length
  }
  for (let upper = end, idle = 0; upper > 0; ) {
    // One row less than a page, so that a row that moved up by one is met again.
    const lower = Math.max(0, upper - Math.max(1, session.pageSize - 1))
    for (let offset = lower; offset < upper; ) {
      const ask = async () => await session.ask([...filter, ['offset', String(offset)]])
      const first = await ask()
      // Empty before the counted end: the list shrank meanwhile, or the answer was a slip.
      const page = first.rows.length === 0 ? await ask() : first
      yield session.take(page).fresh
      idle = pass.add(session, page, offset) === 0 ? idle + 1 : 0
      if (idle > SPARE_PAGES) {
        pass.isEndless = true
        return
      }
      if (page.rows.length === 0) break
      offset += page.rows.length
    }
    upper = lower
  }
}
