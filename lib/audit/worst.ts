/** The worst few of a stream, however long it is: at most `limit` items, where `compare` is negative if the first is worse. */
export class Worst<T> {
  readonly #limit: number
  readonly #compare: (one: T, other: T) => number
  #kept: T[] = []
  /** The last that there was room for: whatever is no worse will not be among the worst. */
  #bar: T | undefined

  constructor(limit: number, compare: (one: T, other: T) => number) {
    this.#limit = limit
    this.#compare = compare
  }

  add(item: T): void {
    if (this.#bar !== undefined && this.#compare(item, this.#bar) >= 0) return
    this.#kept.push(item)
    // Sorting only when twice full makes an addition cheap on average.
    if (this.#kept.length >= 2 * this.#limit) this.#prune()
  }

  /** Worst first; equals in the order in which they came. */
  list(): readonly T[] {
    this.#prune()
    return this.#kept
  }

  #prune(): void {
    this.#kept = this.#kept.sort(this.#compare).slice(0, this.#limit)
    this.#bar = this.#kept[this.#limit - 1]
  }
}
