import type { Page } from './listing.ts'
import type { Window } from './span.ts'
import { describe } from './window.ts'

/** Pages that a chain may need beyond those its count lets expect. */
const SPARE_PAGES = 10
/** Rows that a chain may have where its counts lie, so that nothing tells how many there should be: 300 pages of a thousand. */
const MOST_UNCOUNTED = 300_000

/** How many pages one chain may ask for: a list whose every page is full never ends by itself. */
export class PageBudget {
  pages = 0
  #rows = 0
  #expected: number | undefined

  /** `further`: the rows of the page that lie beyond the end of the one before; what two pages share is no progress. */
  spend(page: Pick<Page<unknown>, 'count'>, further: number, isCountTrusted: boolean): void {
    if (isCountTrusted) this.#expected ??= page.count
    this.pages += 1
    this.#rows += further
  }

  /** Pages get as far as they did on average: the API may cap them below what was asked for, and full seconds overlap. */
  get isSpent(): boolean {
    if (this.#expected === undefined || this.#rows === 0) return this.#rows >= MOST_UNCOUNTED
    return this.pages >= Math.ceil((this.#expected * this.pages) / this.#rows) + SPARE_PAGES
  }

  describe(window: Window): string {
    const counted =
      this.#expected === undefined ? '' : `, although the API counted ${this.#expected} for them`
    return `Backups created ${describe(window)} did not end after ${this.pages} pages${counted}.`
  }
}
