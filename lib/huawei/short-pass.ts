import type { Page } from './listing/listing.ts'

const SPARE_PAGES = 10
const MAX_PAGES = 10_000

/** What one pass over a short list told: its pages, its rows, and whether the totals fit in one of their two readings. */
export class ShortPass {
  pages = 0
  offset = 0
  /** The greatest total that a page named. */
  most = 0
  /** Whether the last page claimed rows that never came. */
  isShort = false
  /** Whether the list goes on without end: its pages repeat, or are far more than its total takes. */
  isEndless = false
  readonly #names = new Set<string>()
  readonly #totals = new Set<number>()
  #isPageTotal = true

  /** Distinct rows. */
  get rows(): number {
    return this.#names.size
  }

  get totals(): string {
    return [...this.#totals].join(', ')
  }

  /** Whether the totals count the rows of their page, or all rows, and every row came once on its page: in its place another may be missing. */
  get isFitting(): boolean {
    const isGrandTotal = this.#totals.size === 1 && this.#totals.has(this.rows)
    return !this.isShort && !this.isEndless && (this.#isPageTotal || isGrandTotal)
  }

  /** Takes note of a page by the names of its rows, and of the total that it told. */
  add(names: readonly string[], total: number | undefined): void {
    const before = this.rows
    const distinct = new Set(names)
    for (const name of distinct) this.#names.add(name)
    this.pages += 1
    this.offset += names.length
    if (total !== undefined) this.#totals.add(total)
    this.#isPageTotal &&= distinct.size === names.length && (total ?? distinct.size) === distinct.size
    this.most = Math.max(this.most, total ?? 0)
    this.isEndless = this.rows === before || this.pages >= this.#expectedPages()
  }

  /** Takes note of an empty page; it ends no list that has so many rows at least. */
  end(least: number): void {
    this.isShort = least > this.rows
    if (this.isShort) this.#totals.add(least)
  }

  /** Whether the first page is all there is, by the answer to a request for the second row alone: its total is no page's. */
  isWholeWith(second: Page<unknown> | undefined): boolean {
    return (
      this.pages === 1 &&
      this.totals === String(this.rows) &&
      second !== undefined &&
      second.count === this.rows &&
      second.rows.length < this.rows
    )
  }

  /** Pages are as long as they were on average; without a total only the cap on all pages holds. */
  #expectedPages(): number {
    const average = this.offset / this.pages
    return this.most > average ? Math.ceil(this.most / average) + SPARE_PAGES : MAX_PAGES
  }
}
