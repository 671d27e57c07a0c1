import type { Span } from './span.ts'
import type { Window } from './window.ts'

/** Every window may cost one page that is not full, so their number is bounded by the pages there are to read. */
const PAGES_PER_WINDOW = 6
const MAX_WINDOWS = 48
/** At first half as many windows as allowed are cut; the rest is for splitting those that turn out to be the fullest. */
const FIRST_CUT = 2
/** Shorter than this a window is not worth splitting, for two requests overlap by three seconds. */
const MIN_SPLIT_SECONDS = 60

/** What is to be read, and how it may be shared out. */
export interface Work {
  readonly whole: Window
  /** The seconds of the oldest and the newest row, where they are known. */
  readonly oldest: number | undefined
  readonly newest: number | undefined
  readonly pages: number
  readonly pageSize: number
  readonly concurrency: number
  /** Whether nothing at all may be there. */
  readonly mayBeEmpty: boolean
}

/** Hands out the windows of a listing: cut by time at first, then by the density seen. */
export class Plan {
  readonly #spans: Span[]
  readonly #most: number
  readonly #minLeft: number
  #handedOut = 0

  /** `spans`: windows that are left from an earlier plan. */
  constructor(work: Work, spans?: readonly Span[]) {
    this.#most = Math.max(1, Math.min(MAX_WINDOWS, Math.floor(work.pages / PAGES_PER_WINDOW)))
    this.#minLeft = 4 * work.pageSize
    const parts = Math.max(1, Math.min(work.concurrency, Math.floor(this.#most / FIRST_CUT)))
    this.#spans = spans?.slice() ?? cut(work, parts)
  }

  /** The windows that were not handed out. */
  rest(): readonly Span[] {
    return this.#spans.slice(this.#handedOut)
  }

  /** The next window to read, where there is one: a new one, or the far half of the one with most left to read. */
  next(): Span | undefined {
    const span = this.#spans[this.#handedOut] ?? this.#split()
    if (span !== undefined) this.#handedOut += 1
    return span
  }

  #split(): Span | undefined {
    if (this.#spans.length >= this.#most) return undefined
    let fullest: (Span & { from: number; left: number }) | undefined
    for (const span of this.#spans)
      if (isSplittable(span, this.#minLeft) && span.left > (fullest?.left ?? 0)) fullest = span
    if (fullest === undefined) return undefined
    const middle = Math.floor((fullest.from + fullest.to) / 2)
    const half = { from: middle + 1, to: fullest.to, left: undefined, mayBeEmpty: false }
    fullest.to = middle
    fullest.left /= 2
    this.#spans.push(half)
    return half
  }
}

function isSplittable(span: Span, minLeft: number): span is Span & { from: number; left: number } {
  return (
    span.from !== undefined &&
    span.unsorted === undefined &&
    span.left !== undefined &&
    span.left >= minLeft &&
    span.to - span.from >= MIN_SPLIT_SECONDS
  )
}

/** Equal parts of the time between the oldest and the newest row; the outer ones reach as far as the whole does. */
function cut({ whole, oldest, newest, mayBeEmpty }: Work, parts: number): Span[] {
  const edge = (part: number) => Math.floor((oldest ?? 0) + (((newest ?? 0) - (oldest ?? 0)) / parts) * part)
  const isCuttable =
    oldest !== undefined && newest !== undefined && newest - oldest >= parts * MIN_SPLIT_SECONDS
  if (!isCuttable) return [{ ...whole, left: undefined, mayBeEmpty }]
  return Array.from({ length: parts }, (_, part) => ({
    from: part === 0 ? whole.from : edge(part) + 1,
    to: part === parts - 1 ? whole.to : edge(part + 1),
    left: undefined,
    mayBeEmpty: false,
  }))
}
