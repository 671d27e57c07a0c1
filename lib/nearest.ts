/** The candidate that somebody most likely meant by a word, or undefined where none is close: for "did you mean". */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = byNearness(word, candidates)
  const isClose = best !== undefined && distanceBetween(word, best) <= Math.max(1, word.length / 3)
  return isClose ? best : undefined
}

/** The candidates, the most similar to a word first. */
export function byNearness(word: string, candidates: readonly string[]): readonly string[] {
  return candidates
    .map((candidate) => ({ candidate, distance: distanceBetween(word, candidate) }))
    .sort((left, right) => left.distance - right.distance)
    .map(({ candidate }) => candidate)
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, each counting one. */
function distanceBetween(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1]
      const isSwap =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = current
  }
  return last[right.length] ?? 0
}
