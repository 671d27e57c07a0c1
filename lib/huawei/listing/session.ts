import { Fault } from '../../errors.ts'
import type { Instant } from '../../time.ts'
import type { Answer, ListingOptions, ListingOutcome, Page, Parameters } from './listing.ts'
import { nameOf, Register, type Taken } from './register.ts'
import { describe, type Window, wholeSecond } from './window.ts'

/**
 * How long before the horizon a row may have been made and still become visible during the run. No source says how
 * late the list shows a new backup; a quarter of an hour is far above what consistent stores need.
 */
export const LATE_SECONDS = 900
const MAX_PAGE_LIMIT = 1000
const MAX_REQUESTS = 10_000

/** What a page tells besides its rows: the API's own count, how many rows it has, and when they were created. */
export interface PageTold {
  readonly count: number | undefined
  readonly size: number
  readonly times: readonly Instant[]
}

/** One listing while it runs: the only one who asks, and what has been learnt about the API so far. */
export class Session<Row> {
  readonly register: Register<Row>
  readonly concurrency: number
  readonly pageLimit: number
  /** The last second in which rows may lie inside the audit. */
  readonly horizonSecond: number
  /** The last second that no row joins any more, however late it becomes visible: up to here rows only get fewer. */
  readonly settledSecond: number
  /** Rows expected, all but the latest, where the API said so. */
  expected: number | undefined
  /** Whether the time filters turned out to be ignored, so that windows prove nothing. */
  filtersIgnored = false
  /** Whether `sort=created_at` turned out to be ignored, so that the ends of the list show nothing. */
  sortIgnored = false
  /** How far into the second that `start_time` names, in microseconds, rows were seen: from there on it shows them. */
  shownFrom = Number.POSITIVE_INFINITY
  /** Windows that ended with an empty answer: read again where rows turn out to be missing. */
  readonly emptied: Window[] = []
  countBefore: number | undefined
  countAfter: number | undefined
  /** Whether a count was ever seen to tell more than the length of its own page. */
  #countsTell = false
  #countsLied = false
  #longestPage = 1
  #cutShort = false
  #requests = 0
  #fault: Fault | undefined
  #ended = false
  /** Whether a window could not be read. */
  #lost = false
  readonly #incompleteBecause = new Set<string>()
  readonly #notes = new Set<string>()
  readonly #abort = new AbortController()
  readonly #options: ListingOptions<Row>

  constructor(options: ListingOptions<Row>) {
    this.#options = options
    this.horizonSecond = wholeSecond(options.horizon)
    this.settledSecond = this.horizonSecond - LATE_SECONDS
    this.register = new Register(options.horizon, this.settledSecond)
    this.concurrency = Math.max(1, Math.min(32, options.concurrency))
    this.pageLimit = Math.max(1, Math.min(MAX_PAGE_LIMIT, options.pageLimit ?? MAX_PAGE_LIMIT))
  }

  /** The rows of a full page, as far as seen: less than was asked for where the API caps `limit`, aloud or silently. */
  get pageSize(): number {
    return this.#cutShort ? Math.min(this.pageLimit, this.#longestPage) : this.pageLimit
  }

  /** Whether a page is all there is for its own filter, by its own count. */
  isWhole({ count, size }: PageTold): boolean {
    return this.countsAreTrusted && count === size && size < this.pageSize
  }

  get countsAreTrusted(): boolean {
    return this.#countsTell && !this.#countsLied
  }

  /** Asks for one page; throws a Fault where it is lost for good or the listing has asked enough. */
  async ask(parameters: Parameters, limit = this.pageLimit): Promise<Answer<Row>> {
    if (this.#requests >= MAX_REQUESTS)
      throw new Fault(
        'upstream_unavailable',
        `${MAX_REQUESTS} requests were made without reaching the end of the list; narrow the target, or ask Huawei whether its list ends.`,
      )
    this.#requests += 1
    const query = { parameters: [...parameters, ['limit', String(limit)] as const] }
    const page = await this.#options.fetchPage(query, this.#abort.signal)
    this.#learn(page, limit, Number(new Map(parameters).get('offset') ?? 0))
    const keys = page.rows.map(this.#options.keyOf)
    const times: Instant[] = []
    for (const { createdAt } of keys) if (createdAt !== undefined) times.push(createdAt)
    return { ...page, keys, times }
  }

  /** Asks for a page and takes its rows; what is told of it holds none of them. */
  async read(parameters: Parameters): Promise<PageTold & Taken<Row>> {
    const page = await this.ask(parameters)
    const { count, rows, times } = page
    return { count, size: rows.length, times, ...this.take(page) }
  }

  /** Takes the rows of a page into the register. */
  take(page: Answer<Row>): Taken<Row> {
    const taken = this.register.take(page)
    this.#options.onProgress?.(this.register.distinct, this.expected)
    return taken
  }

  /** What tells the rows of a page apart, and whether they lie inside the audit. */
  namesOf({ rows, keys }: Answer<Row>): readonly { readonly name: string; readonly isInside: boolean }[] {
    return keys.map((key, index) => ({
      name: nameOf(rows[index], key),
      isInside: (key.createdAt ?? 0) <= this.#options.horizon,
    }))
  }

  /** Writes down that a window could not be read; anything but a Fault is a defect of ours and goes on. */
  lose(window: Window, error: unknown): void {
    if (!(error instanceof Fault)) throw error
    this.#lost = true
    if (this.#requests === 1) this.#fault = error
    this.doubt(`Backups created ${describe(window)} could not all be read: ${error.message}`)
  }

  doubt(because: string): void {
    this.#incompleteBecause.add(because)
  }

  note(text: string): void {
    this.#notes.add(text)
  }

  get fault(): Fault | undefined {
    return this.#fault
  }

  end(): void {
    this.#ended = true
  }

  /** Gives up what is still under way. */
  abort(): void {
    this.#abort.abort()
  }

  outcome(): ListingOutcome {
    const { listed, distinct, duplicates, unreadable } = this.register
    const incompleteBecause = [...this.#incompleteBecause]
    if (!this.#ended) incompleteBecause.push('The list of backups was not read to its end.')
    return {
      listed,
      distinct,
      duplicates,
      unreadable,
      countBefore: this.countBefore,
      countAfter: this.countAfter,
      requests: this.#requests,
      incompleteBecause,
      notes: [...this.#notes],
      brokeOff: this.#lost || !this.#ended,
      fault: this.#fault,
    }
  }

  #learn(page: Page<Row>, limit: number, offset: number): void {
    const { rows, count } = page
    this.#longestPage = Math.max(this.#longestPage, rows.length)
    if (page.limit !== undefined && page.limit < limit) this.#cutShort = true
    if (count === undefined) return
    if (limit === 1 && count > 1) this.#countsTell = true
    if (offset === 0 && count < rows.length) this.#countsLied = true
    if (rows.length > 0 && rows.length < limit && rows.length < count - offset) this.#cutShort = true
  }
}
