/** The worst few of a stream, however long it is. */
export interface Worst<T> {
  readonly add: (item: T) => void
  /** Worst first; equals in the order in which they came. */
  readonly list: () => readonly T[]
}

/** Keeps at most `limit` items; `compare` is negative where the first is worse. */
export function keepWorst<T>(limit: number, compare: (one: T, other: T) => number): Worst<T> {
  let kept: T[] = []
  const prune = (): void => {
    kept = kept.sort(compare).slice(0, limit)
  }
  return {
    add(item) {
      kept.push(item)
      // Sorting only when twice full makes an addition cheap on average.
      if (kept.length >= 2 * limit) prune()
    },
    list() {
      prune()
      return kept
    },
  }
}
