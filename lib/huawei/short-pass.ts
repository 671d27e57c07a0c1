import type { Page } from './listing/listing.ts'

const SPARE_PAGES = 10
const MAX_PAGES = 10_000

/**
 * What one pass over a short list told: its pages, its rows, and whether the totals fit in one of their two readings. A page begins with
 * the last row of the one before, and the last page is that row alone: then the list has not moved meanwhile, and nothing is behind it.
 */
export class ShortPass {
  /** Pages that brought rows. */
  pages = 0
  /** Where the next page begins. */
  offset = 0
  /** The greatest total that a page named. */
  most = 0
  /** Whether the last page claimed rows that never came. */
  isShort = false
  /** Whether the list goes on without end: its pages are far more than its total takes. */
  isEndless = false
  /** Whether a page brought nothing new. */
  isOver = false
  /** Whether a page did not follow from the one before: the list moved, or an answer was none to what was asked. */
  isTorn = false
  readonly #names = new Set<string>()
  readonly #totals = new Set<number>()
  #isPageTotal = true
  #longest = 0
  /** The row that the next page begins with. */
  #joint: string | undefined

  /** Distinct rows. */
  get rows(): number {
    return this.#names.size
  }

  get totals(): string {
    return [...this.#totals].join(', ')
  }

  /** Whether the totals count the rows of their page, or all rows. */
  get isFitting(): boolean {
    const isGrandTotal = this.#totals.size === 1 && this.#totals.has(this.rows)
    return !this.isShort && (this.#isPageTotal || isGrandTotal)
  }

  /** Takes note of a page by the names of its rows, and of the total that it told. */
  add(names: readonly string[], total: number | undefined): void {
    const before = this.rows
    for (const name of names) this.#names.add(name)
    const news = this.rows - before
    const known = this.#joint === undefined ? 0 : 1
    // A row that comes twice stands in the place of another. A page that brings nothing new may begin with any row: no order is promised.
    this.isTorn ||= news + known !== names.length || (news * known > 0 && names[0] !== this.#joint)
    if (total !== undefined) this.#totals.add(total)
    this.#isPageTotal &&= total === undefined || total === names.length
    this.most = Math.max(this.most, total ?? 0)
    this.#longest = Math.max(this.#longest, names.length)
    this.isOver = news === 0
    if (this.isOver) return
    this.pages += 1
    // Where pages have one row, asking for that row again would lead nowhere.
    this.#joint = names.length > 1 ? names.at(-1) : undefined
    this.offset += names.length - (this.#joint === undefined ? 0 : 1)
    this.isEndless = this.pages >= this.#expectedPages()
  }

  /** Whether the next page should begin with a row that is known. */
  get awaitsLastRow(): boolean {
    return this.#joint !== undefined
  }

  /** Takes note of an empty page; it ends no list of which rows stand behind it, or that has so many rows at least. */
  end(rowsBehind: number, least: number): void {
    this.isTorn ||= rowsBehind > 0
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

  /** Pages go on by as much as they did on average; with a total of the page, none, or one beyond belief, only the cap on all pages holds. */
  #expectedPages(): number {
    if (this.most <= this.#longest) return MAX_PAGES
    const step = this.offset / this.pages
    return Math.min(MAX_PAGES, Math.ceil(this.most / step) + SPARE_PAGES)
  }
}
