import type { Span } from './span.ts'
import { cut, MIN_SPLIT_SECONDS, type Work } from './work.ts'

/** Every window may cost one page that is not full, so their number is bounded by the pages there are to read. */
const PAGES_PER_WINDOW = 6
const MAX_WINDOWS = 48
/** At first half as many windows as allowed are cut; the rest is for splitting those that turn out to be the fullest. */
const FIRST_CUT = 2
/** Which part of a page is left free for rows that lie less evenly than thought. */
const SPARE_OF_PAGE = 0.1

/** Hands out the windows of a listing: cut by time at first, then by the density seen. */
export class Plan {
  readonly #spans: Span[]
  readonly #most: number
  readonly #pageSize: number
  readonly #newest: number | undefined
  /** How many rows a window was thought to have when it was cut. */
  readonly #presumed = new Map<Span, number>()
  /** Windows whose far end was taken over. */
  readonly #shortened = new Set<Span>()
  /** Windows of which nothing more will come. */
  readonly #ended = new Set<Span>()
  #handedOut = 0

  /** `spans`: windows that are left from an earlier plan. */
  constructor(work: Work, spans?: readonly Span[]) {
    this.#most = Math.max(1, Math.min(MAX_WINDOWS, Math.ceil(work.pages / PAGES_PER_WINDOW)))
    this.#pageSize = work.pageSize
    this.#newest = work.newest
    const parts = Math.max(1, Math.min(work.concurrency, Math.floor(this.#most / FIRST_CUT)))
    this.#spans = spans?.slice() ?? cut(work, parts)
    const share = (work.pages * work.pageSize) / this.#spans.length
    for (const span of this.#spans) this.#presumed.set(span, share)
  }

  /** The windows that were not handed out. */
  rest(): readonly Span[] {
    return this.#spans.slice(this.#handedOut)
  }

  /** Notes that a window was read to its end. */
  end(span: Span): void {
    this.#ended.add(span)
  }

  /** The windows under way. */
  underWay(): readonly Span[] {
    return this.#spans.slice(0, this.#handedOut).filter((span) => !this.#ended.has(span))
  }

  /** Whether nothing is left to be read but the last pages under way of windows that end before some second. */
  isEndingBefore(second: number): boolean {
    const isEnding = (span: Span) => span.to < second && isOnLastPage(span, this.#pageSize)
    return this.rest().length === 0 && this.underWay().every(isEnding)
  }

  /** The next window to read, where there is one: a new one, or the far part of the one with most left to read. */
  next(): Span | undefined {
    const span = this.#spans[this.#handedOut] ?? this.#split()
    if (span !== undefined) this.#handedOut += 1
    return span
  }

  #split(): Span | undefined {
    if (this.#spans.length >= this.#most) return undefined
    const fullest = this.#spans.filter(isSplittable).reduce<Told | undefined>(fuller, undefined)
    return fullest !== undefined && this.#isWorthIt(fullest) ? this.#takeOver(fullest) : undefined
  }

  /** Not where two take as long as one, and not while another one that has told nothing yet is probably much fuller. */
  #isWorthIt({ left }: Told): boolean {
    const untold = this.#spans.filter((span) => span.left === undefined)
    const most = Math.max(0, ...untold.map((span) => this.#presumed.get(span) ?? 0))
    return left > 2 * this.#pageSize && left >= most / 2
  }

  /** Shortens a window so that both parts are over at the same time, and returns the far one. */
  #takeOver(span: Told): Span {
    const { from, to, left } = span
    const near = this.#nearPartOf(left)
    const edge = from + Math.floor(this.#secondsOf(near, span))
    const far: Span = { from: edge + 1, to, left: undefined, mayBeEmpty: false }
    this.#spans.push(far)
    this.#presumed.set(far, left - near)
    this.#presumed.set(span, near)
    this.#shortened.add(span)
    // Until the next page that is asked for tells.
    Object.assign(span, { to: edge, left: undefined })
    return far
  }

  /** Half of the rows, and half a page more, for one is under way already; in pages that are all but full, so that splitting costs none. */
  #nearPartOf(left: number): number {
    const pages = Math.round((left / this.#pageSize + 1) / 2)
    return (pages - SPARE_OF_PAGE) * this.#pageSize
  }

  /** In how much time so many of the rows that are left were made. */
  #secondsOf(rows: number, span: Told): number {
    const { from, to, left, secondsPerRow } = span
    // The last window reaches further than its rows do.
    const last = this.#newest !== undefined && from < this.#newest ? Math.min(to, this.#newest) : to
    const evenly = ((last - from) / left) * rows
    const isCrowded = this.#shortened.has(span) && left > (this.#presumed.get(span) ?? 0)
    if (!isCrowded || secondsPerRow === undefined) return evenly
    // Where hardly any were in the far part taken over before, they lie as close together as those of the last page.
    return Math.min(evenly, rows * secondsPerRow)
  }
}

/** A window that told how many rows are left, and that is long enough to be split. */
type Told = Span & { from: number; left: number }

function isSplittable(span: Span): span is Told {
  const { from, to, left, unsorted } = span
  return from !== undefined && left !== undefined && unsorted === undefined && to - from >= MIN_SPLIT_SECONDS
}

function isOnLastPage({ left, unsorted }: Span, pageSize: number): boolean {
  return left !== undefined && left < pageSize && unsorted === undefined
}

function fuller(one: Told | undefined, other: Told): Told {
  return one === undefined || other.left > one.left ? other : one
}
