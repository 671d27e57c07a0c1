const ROWS_BITS = 10
const ROWS = 1 << ROWS_BITS

/** A number for each row of a table; 0 where none was set. */
export interface Column {
  readonly at: (row: number) => number
  readonly set: (row: number, value: number) => void
}

/**
 * Numbers beside the heap, so many for each row from 0. Those of a row lie side by side, because who wants one wants the others
 * too, and memory is read by lines of eight. It grows by pieces: nothing is copied, and no more than a piece is in excess.
 */
export class NumberTable {
  readonly #width: number
  readonly #pieces: Float64Array[] = []
  #columns = 0

  /** `width` is the number of columns. */
  constructor(width: number) {
    this.#width = width
  }

  /** The next column, from the left. */
  column(): Column {
    const column = this.#columns
    if (column === this.#width) throw new RangeError(`This table has ${this.#width} columns`)
    this.#columns += 1
    return {
      at: (row) => this.#pieces[row >>> ROWS_BITS]?.[(row % ROWS) * this.#width + column] ?? 0,
      set: (row, value) => {
        this.#pieceOf(row)[(row % ROWS) * this.#width + column] = value
      },
    }
  }

  #pieceOf(row: number): Float64Array {
    const index = row >>> ROWS_BITS
    for (let next = this.#pieces.length; next <= index; next += 1)
      this.#pieces.push(new Float64Array(ROWS * this.#width))
    return this.#pieces[index] ?? new Float64Array()
  }
}
