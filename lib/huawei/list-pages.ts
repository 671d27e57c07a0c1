import { Fault } from '../errors.ts'
import { IdSet } from '../id-set.ts'
import type { Listing, ListingOutcome, Page, PageQuery } from './listing/listing.ts'
import { nameOf } from './listing/register.ts'
import { ShortPass } from './short-pass.ts'

/** The most that Huawei gives. */
const DEFAULT_PAGE_LIMIT = 1000
/** The first pass, one that should bring nothing new, and one for a list that moved in between. */
const MAX_PASSES = 3

/** What a short list (DCS instances, or the backup records of one instance) needs to be read whole. */
export interface PagesOptions<Row> {
  /** Fetches one page; `count` is `total_num` or `instance_num`, whatever that counts. 204 is a page without rows. */
  readonly fetchPage: (query: PageQuery, signal: AbortSignal) => Promise<Page<Row>>
  /** Undefined where the id is missing or mistyped. */
  readonly idOf: (row: Row) => string | undefined
  /** Rows asked for at once; 1000 unless told. Always sent, because the default of the API is 10. */
  readonly pageLimit?: number
  /** Asks for the second row beside the first page, which may show at once that this page is all there is. */
  readonly looksAhead?: boolean
}

/**
 * Lists a short collection by offset until its last row alone comes again, each row once. A list of several pages is read again until
 * a pass brings nothing new; the outcome says so where that, or the API's total in either reading, does not fit.
 */
export function listPages<Row>(options: PagesOptions<Row>): Listing<Row> {
  const reading = new Reading(options)
  const batches = reading.read()
  return { [Symbol.asyncIterator]: () => batches, outcome: () => reading.outcome() }
}

class Reading<Row> {
  readonly #options: PagesOptions<Row>
  readonly #names = new IdSet()
  readonly #abort = new AbortController()
  readonly #incompleteBecause: string[] = []
  #listed = 0
  #unreadable = 0
  #requests = 0
  #fault: Fault | undefined
  #ended = false
  #lost = false
  /** How many rows there are at least by the look ahead. */
  #least = 0
  /** Whether the list ended sooner than was told. */
  #isContradicted = false

  constructor(options: PagesOptions<Row>) {
    this.#options = options
  }

  async *read(): AsyncGenerator<readonly Row[]> {
    try {
      yield* this.#readPasses()
      this.#ended = true
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.#lost = true
      if (this.#listed === 0) this.#fault = error
      this.#incompleteBecause.push(`The list broke off after ${this.#listed} rows: ${error.message}`)
      this.#ended = true
    } finally {
      // Only a consumer that left early leaves a call under way; an abort makes an error with a stack, for each list.
      if (!this.#ended) this.#abort.abort()
    }
  }

  outcome(): ListingOutcome {
    const incompleteBecause = this.#ended
      ? [...this.#incompleteBecause]
      : [...this.#incompleteBecause, 'The list was not read to its end.']
    return {
      listed: this.#listed,
      distinct: this.#names.size,
      duplicates: this.#listed - this.#names.size,
      unreadable: this.#unreadable,
      countBefore: undefined,
      countAfter: undefined,
      requests: this.#requests,
      incompleteBecause,
      notes: [],
      brokeOff: this.#lost || !this.#ended,
      fault: this.#fault,
    }
  }

  async *#readPasses(): AsyncGenerator<readonly Row[]> {
    let [doubt, isCutShort] = ['', false]
    for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
      const known = this.#names.size
      const told = yield* this.#readPass()
      if (told.isEndless) return
      const moved = whatMoved(told, known, this.#names.size, pass)
      if (moved === undefined && told.isFitting) return
      isCutShort = told.isTorn || told.isShort
      doubt =
        moved === undefined
          ? `${told.rows} rows were listed, which the total that the API names (${told.totals}) does not fit.`
          : `The list did not stand still: in the last of ${pass} passes over it ${moved}.`
    }
    this.#lost ||= isCutShort
    this.#doubt(doubt)
  }

  async *#readPass(): AsyncGenerator<readonly Row[], ShortPass> {
    const pass = new ShortPass()
    const { first, second } = await this.#askFirst()
    for (;;) {
      const page = pass.offset === 0 ? first : await this.#ask(pass.offset)
      if (page.rows.length === 0) {
        // The last row, which should have come again, may be gone, and there may be an API that sends none again: then nothing stands behind it.
        const behind = pass.awaitsLastRow ? await this.#ask(pass.offset + 1) : page
        // Nothing may be all there is, but not where there is more by what it says, or by what stands behind it.
        const least = Math.max(page.count ?? 0, behind.count ?? 0, pass.offset === 0 ? this.#least : 0)
        pass.end(behind.rows.length, least)
        this.#isContradicted = pass.isShort
        return pass
      }
      pass.add(
        page.rows.map((row) => this.#nameOf(row)),
        page.count,
      )
      yield this.#take(page)
      if (pass.isOver || pass.isWholeWith(second)) return pass
      if (!pass.isEndless) continue
      this.#lost = true
      this.#doubt(
        `The list did not end after ${pass.pages} pages, although the API names a total of ${pass.most}.`,
      )
      return pass
    }
  }

  /** The first page and, in the first pass or where it was contradicted, what the request for the second row told, if it was answered. */
  async #askFirst(): Promise<{ readonly first: Page<Row>; readonly second: Page<Row> | undefined }> {
    const isAhead = this.#options.looksAhead === true && (this.#requests === 0 || this.#isContradicted)
    const [first, second] = await Promise.allSettled([this.#ask(0), isAhead ? this.#ask(1, 1) : undefined])
    if (first.status === 'rejected') throw first.reason
    const ahead = second.status === 'fulfilled' ? second.value : undefined
    if (ahead !== undefined) this.#least = leastBehind(ahead)
    // That there is nothing at all may be a slip, and a total that counts the rows of its page says nothing of others.
    return { first: first.value.rows.length === 0 ? await this.#ask(0) : first.value, second: ahead }
  }

  async #ask(offset: number, limit = this.#options.pageLimit ?? DEFAULT_PAGE_LIMIT): Promise<Page<Row>> {
    this.#requests += 1
    const parameters = [
      ['limit', String(limit)],
      ['offset', String(offset)],
    ] as const
    return await this.#options.fetchPage({ parameters }, this.#abort.signal)
  }

  #take(page: Page<Row>): readonly Row[] {
    this.#listed += page.rows.length
    return page.rows.filter((row) => {
      const isNew = this.#names.add(this.#nameOf(row))
      if (isNew && this.#options.idOf(row) === undefined) this.#unreadable += 1
      return isNew
    })
  }

  #nameOf(row: Row): string {
    return nameOf(row, { id: this.#options.idOf(row), createdAt: undefined })
  }

  #doubt(because: string): void {
    this.#incompleteBecause.push(because)
  }
}

/** What came between in a pass, or between passes; undefined where one can be believed. */
function whatMoved(told: ShortPass, before: number, after: number, pass: number): string | undefined {
  if (told.isTorn) return 'a page did not go on where the one before ended'
  if (told.pages === 0 && before > 0) return 'nothing was left'
  // One answer that holds everything is a moment's whole; several are pieces of moments.
  if (told.pages <= 1 || (pass > 1 && after === before)) return undefined
  return 'rows came that were never seen before'
}

/** How many rows there are at least by the answer to a request for the second one. */
function leastBehind(second: Page<unknown> | undefined): number {
  if (second === undefined) return 0
  return Math.max(second.count ?? 0, second.rows.length === 0 ? 0 : 1 + second.rows.length)
}
