import { Fault } from '../../errors.ts'
import { IdSet } from '../../id-set.ts'
import { OutOfTime } from '../../out-of-time.ts'
import { type Instant, wholeSecond } from '../../time.ts'
import type { ListingBookmark, ListingInterruption } from './bookmark.ts'
import { learnFrom } from './learn-from.ts'
import { type Learnt, nothingLearnt } from './learnt.ts'
import type { Answer, ListingOptions, ListingOutcome, Parameters } from './listing.ts'
import { LATE_SECONDS, outcomeOf } from './outcome.ts'
import { nameOf, Register, type Taken } from './register.ts'
import type { Span, Window } from './span.ts'
import { describe } from './window.ts'

const MAX_PAGE_LIMIT = 1000
const MAX_REQUESTS = 10_000

/** What a page tells besides its rows: the API's own count, how many rows it has, and when they were created. */
export interface PageTold {
  readonly count: number | undefined
  readonly size: number
  readonly times: readonly Instant[]
}

/** One listing while it runs: the only one who asks, and what has been learnt so far, by itself and by whom it goes on for. */
export class Session<Row> {
  readonly register: Register<Row>
  readonly learnt: Learnt
  readonly concurrency: number
  readonly pageLimit: number
  /** The last second in which rows may lie inside the audit. */
  readonly horizonSecond: number
  /** The last second that no row joins any more, however late it becomes visible: up to here rows only get fewer. */
  readonly settledSecond: number
  /** Windows still to be read before the end is made sure of; undefined until they are cut. */
  spans: readonly Span[] | undefined
  /** Whether time ran out: nothing more is asked. */
  isInterrupted = false
  /** Whether any request was answered. */
  #isAnswered: boolean
  #fault: Fault | undefined
  #ended = false
  readonly #begunAt: string
  readonly #abort = new AbortController()
  readonly #options: ListingOptions<Row>

  constructor(options: ListingOptions<Row>, from?: ListingBookmark) {
    this.#options = options
    this.#isAnswered = from !== undefined
    this.horizonSecond = wholeSecond(options.horizon)
    this.settledSecond = this.horizonSecond - LATE_SECONDS
    const { spans, learnt, tally } = structuredClone({ ...from, names: undefined })
    this.spans = spans
    this.learnt = { ...nothingLearnt(), ...learnt }
    this.register = new Register(
      options.horizon,
      this.settledSecond,
      tally,
      from && IdSet.unpacked(from.names),
    )
    this.concurrency = Math.max(1, Math.min(32, options.concurrency))
    this.pageLimit = Math.max(1, Math.min(MAX_PAGE_LIMIT, options.pageLimit ?? MAX_PAGE_LIMIT))
    this.#begunAt = this.#place()
  }

  /** The rows of a full page, as far as seen: less than was asked for where the API caps `limit`, aloud or silently. */
  get pageSize(): number {
    const { cutShort, longestPage } = this.learnt
    return cutShort ? Math.min(this.pageLimit, longestPage) : this.pageLimit
  }

  /** Whether a page is all there is for its own filter, by its own count. */
  isWhole({ count, size, twice }: PageTold & Taken<Row>): boolean {
    return this.countsAreTrusted && count === size && twice === 0 && size < this.pageSize
  }

  get countsAreTrusted(): boolean {
    return this.learnt.countsTell && !this.learnt.countsLied
  }

  /** Asks for one page; throws a Fault where it is lost for good or the listing has asked enough. */
  async ask(parameters: Parameters, limit = this.pageLimit): Promise<Answer<Row>> {
    if (this.isInterrupted) throw new OutOfTime('No time is left to ask for another page')
    if (this.learnt.requests >= MAX_REQUESTS)
      throw new Fault(
        'upstream_unavailable',
        `${MAX_REQUESTS} requests were made without reaching the end of the list; narrow the target, or ask Huawei whether its list ends.`,
      )
    this.learnt.requests += 1
    const query = { parameters: [...parameters, ['limit', String(limit)] as const] }
    const page = await this.#options.fetchPage(query, this.#abort.signal)
    this.#isAnswered = true
    learnFrom(page, this.learnt, limit, Number(new Map(parameters).get('offset') ?? 0))
    const keys = page.rows.map(this.#options.keyOf)
    const times: Instant[] = []
    for (const { createdAt } of keys) if (createdAt !== undefined) times.push(createdAt)
    return { ...page, keys, times }
  }

  /** Asks for a page and takes its rows; what is told of it holds none of them. */
  async read(parameters: Parameters): Promise<PageTold & Taken<Row>> {
    const page = await this.ask(parameters)
    const { count, rows, keys, times } = page
    const told = { count, size: rows.length, times, ...this.take(page) }
    // What waited for this page is dead, but in the old generation of the heap: rows it points to would be kept and moved there too.
    rows.length = 0
    keys.length = 0
    return told
  }

  /** Takes the rows of a page into the register. */
  take(page: Answer<Row>): Taken<Row> {
    const taken = this.register.take(page)
    this.#options.onProgress?.(this.register.tally.distinct, this.learnt.expected)
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
    // What was given up is told of by whoever gave it up: time ran out, or nobody reads any more.
    if (this.#abort.signal.aborted) return
    this.learnt.lost = true
    if (!this.#isAnswered) this.#fault ??= error
    this.doubt(`Backups created ${describe(window)} could not all be read: ${error.message}`)
  }

  doubt(because: string): void {
    remember(this.learnt.incompleteBecause, because)
  }

  note(text: string): void {
    remember(this.learnt.notes, text)
  }

  get fault(): Fault | undefined {
    return this.#fault
  }

  end(): void {
    this.#ended = true
    this.register.close()
  }

  /** Gives up what is still under way. */
  abort(): void {
    this.#abort.abort()
  }

  outcome(): ListingOutcome {
    return outcomeOf({
      learnt: this.learnt,
      tally: this.register.tally,
      isEnded: this.#ended,
      unread: this.isInterrupted ? (this.spans ?? []) : [],
      fault: this.#fault,
      interruption: this.#interruption(),
    })
  }

  #interruption(): ListingInterruption | undefined {
    if (!this.isInterrupted || this.spans === undefined) return undefined
    const { spans, learnt, register } = this
    const bookmark = { spans, learnt, tally: register.tally, names: register.names.packed() }
    return { bookmark, isFurther: this.#place() !== this.#begunAt }
  }

  /** A text that changes with all progress: with every row inside the audit (there is no end of those outside), and every window read. */
  #place(): string {
    const left = this.spans?.map(({ from, to, unsorted }) => JSON.stringify([from, to, unsorted])).sort()
    return JSON.stringify([left, this.register.tally.distinct])
  }
}

/** Texts that differ by the id of a request alone say one thing. */
function remember(texts: string[], text: string): void {
  const said = withoutRequestId(text)
  if (!texts.some((known) => withoutRequestId(known) === said)) texts.push(text)
}

function withoutRequestId(text: string): string {
  return text.replace(/\(request id [^)]*\)/, '')
}
