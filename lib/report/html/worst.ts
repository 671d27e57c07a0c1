/** The worst few of a stream, however long it is: at most `limit` items, where `compare` is negative if the first is worse. */
export class Worst<T> {
  readonly #limit: number
  readonly #compare: (one: T, other: T) => number
  #kept: T[] = []

  constructor(limit: number, compare: (one: T, other: T) => number) {
    this.#limit = limit
    this.#compare = compare
  }

  add(item: T): void {
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
  }
}
