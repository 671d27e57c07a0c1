/** The middle one; of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** The median, and from least to most: `2.59 (2.42–2.79)`; a single value stands alone. */
export function spread(values: readonly number[], digits: number): string {
  const middle = median(values).toFixed(digits)
  const [least, most] = [Math.min(...values).toFixed(digits), Math.max(...values).toFixed(digits)]
  return values.length < 2 || least === most ? middle : `${middle} (${least}–${most})`
}
