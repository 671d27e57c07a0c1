import { Fault } from '../errors.ts'
import { IdSet } from '../id-set.ts'
import type { Listing, ListingOutcome, Page, PageQuery } from './listing/listing.ts'
import { nameOf } from './listing/register.ts'

const DEFAULT_PAGE_LIMIT = 100
const SPARE_PAGES = 10
const MAX_PAGES = 10_000
/** The first pass, one that should bring nothing new, and one for a list that moved in between. */
const MAX_PASSES = 3

/** What a short list (DCS instances, or the backup records of one instance) needs to be read whole. */
export interface PagesOptions<Row> {
  /** Fetches one page; `count` is `total_num` or `instance_num`, whatever that counts. 204 is a page without rows. */
  readonly fetchPage: (query: PageQuery, signal: AbortSignal) => Promise<Page<Row>>
  /** Undefined where the id is missing or mistyped. */
  readonly idOf: (row: Row) => string | undefined
  /** Always sent, because the default of the API is 10. */
  readonly pageLimit?: number
  /** Asks for the second row beside the first page, which may show at once that this page is all there is. */
  readonly looksAhead?: boolean
}

/**
 * Lists a short collection by offset until an empty page, each row once. A list of several pages is read again until
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
      this.#incompleteBecause.push(`The list broke off after ${this.#names.size} rows: ${error.message}`)
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
    let [doubt, isShort] = ['', false]
    for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
      const known = this.#names.size
      const told = yield* this.#readPass()
      if (told.isEndless) return
      // One answer that holds everything is a moment's whole; several are pieces of moments.
      const isSettled = told.pages <= 1 || (pass > 1 && this.#names.size === known)
      if (isSettled && told.isFitting) return
      isShort = told.isShort
      doubt = isSettled
        ? `${told.rows} rows were listed, which the total that the API names (${told.totals}) does not fit.`
        : `The list did not stand still: the last of ${pass} passes over it brought rows never seen before.`
    }
    this.#lost ||= isShort
    this.#doubt(doubt)
  }

  async *#readPass(): AsyncGenerator<readonly Row[], Told> {
    const totals = new Set<number>()
    const names = new IdSet()
    let [pages, offset, isPageTotal, most, isShort] = [0, 0, true, 0, false]
    const { first, second } = await this.#askFirst()
    for (;;) {
      const page = offset === 0 ? first : await this.#ask(offset)
      if (page.rows.length === 0) {
        // An empty page may end a list, but not one that has more by what it says, or by what stands behind it.
        const told = Math.max(page.count ?? 0, offset === 0 ? this.#least : 0)
        isShort = told > names.size
        if (isShort) totals.add(told)
        break
      }
      const before = names.size
      const distinct = new Set(page.rows.map((row) => this.#nameOf(row)))
      for (const name of distinct) names.add(name)
      yield this.#take(page)
      pages += 1
      offset += page.rows.length
      if (page.count !== undefined) totals.add(page.count)
      // Where a row came twice, another may not have come.
      isPageTotal &&= distinct.size === page.rows.length && (page.count ?? distinct.size) === distinct.size
      most = Math.max(most, page.count ?? 0)
      // A total that is no page's, seen on a page of one row at most, ends the list as an empty page does.
      if (pages === 1 && isTotalOf(page, distinct.size, second)) break
      const isRepeating = names.size === before
      if (isRepeating || this.#isEndless(pages, offset, most)) {
        this.#lost = true
        this.#doubt(`The list did not end after ${pages} pages, although the API names a total of ${most}.`)
        return {
          pages,
          rows: names.size,
          totals: [...totals].join(', '),
          isFitting: false,
          isShort: true,
          isEndless: true,
        }
      }
    }
    const isGrandTotal = totals.size === 1 && totals.has(names.size)
    const isFitting = !isShort && (isPageTotal || isGrandTotal)
    return { pages, rows: names.size, totals: [...totals].join(', '), isFitting, isShort, isEndless: false }
  }

  /** The first page and, in the first pass, what the request for the second row told, if it was answered. */
  async #askFirst(): Promise<{ readonly first: Page<Row>; readonly second: Page<Row> | undefined }> {
    const isAhead = this.#options.looksAhead === true && this.#requests === 0
    const [first, second] = await Promise.allSettled([this.#ask(0), isAhead ? this.#ask(1, 1) : undefined])
    if (first.status === 'rejected') throw first.reason
    const ahead = second.status === 'fulfilled' ? second.value : undefined
    // That there is nothing at all may be a slip, but where the other answer says so too.
    const isDoubtful = first.value.rows.length === 0 && ahead?.count !== 0
    this.#least = Math.max(this.#least, leastBehind(ahead))
    return { first: isDoubtful ? await this.#ask(0) : first.value, second: ahead }
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

  /** Pages are as long as they were on average; without a total only the cap on all pages holds. */
  #isEndless(pages: number, rows: number, total: number): boolean {
    const expected = total > rows / pages ? Math.ceil((total * pages) / rows) + SPARE_PAGES : MAX_PAGES
    return pages >= expected
  }
}

/** Whether so many distinct rows, all of a page, are all there are. */
function isTotalOf({ count }: Page<unknown>, distinct: number, second: Page<unknown> | undefined): boolean {
  return second !== undefined && count === distinct && second.count === count && second.rows.length < count
}

/** How many rows there are at least by the answer to a request for the second one. */
function leastBehind(second: Page<unknown> | undefined): number {
  if (second === undefined) return 0
  return Math.max(second.count ?? 0, second.rows.length === 0 ? 0 : 1 + second.rows.length)
}

/** What one pass told: its pages, its rows, and whether the totals fit in one of their two readings. */
interface Told {
  readonly pages: number
  readonly rows: number
  readonly totals: string
  readonly isFitting: boolean
  /** Whether the last page claimed rows that never came. */
  readonly isShort: boolean
  readonly isEndless: boolean
}
