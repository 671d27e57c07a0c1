const ROWS_BITS = 10
const ROWS = 1 << ROWS_BITS
const WORD_BYTES = 4

/** A number for each row of a table; 0 where none was set. */
export interface Column {
  readonly at: (row: number) => number
  readonly set: (row: number, value: number) => void
}

/**
 * Numbers beside the heap, so many for each row from 0. Those of a row lie side by side, because who wants one wants the others
 * too, and memory is read by lines of 64 bytes. It grows by pieces: nothing is copied, and no more than a piece is in excess.
 */
export class NumberTable {
  /** Each piece as words of 4 bytes, and the same memory as doubles. */
  readonly #words: Uint32Array[] = []
  readonly #doubles: Float64Array[] = []
  /** How many words a row has. */
  #width = 0
  /** A word of each row that nobody has, before a double. */
  #gap: number | undefined

  /** The next column of whole numbers below 2^32, in 4 bytes each; it refuses all others. */
  column(): Column {
    const word = this.#narrowWord()
    return {
      at: (row) => this.#words[row >>> ROWS_BITS]?.[(row % ROWS) * this.#width + word] ?? 0,
      set: (row, value) => {
        if (value >>> 0 !== value) throw new RangeError(`${value} is no whole number below 2^32`)
        this.#pieceOf(row, this.#words)[(row % ROWS) * this.#width + word] = value
      },
    }
  }

  /** The next column of numbers of any kind, in 8 bytes each. */
  wideColumn(): Column {
    // A double begins at an even word.
    if (this.#width % 2 === 1) this.#gap = this.#widen(1)
    const word = this.#widen(2)
    return {
      at: (row) => this.#doubles[row >>> ROWS_BITS]?.[((row % ROWS) * this.#width + word) >>> 1] ?? 0,
      set: (row, value) => {
        this.#pieceOf(row, this.#doubles)[((row % ROWS) * this.#width + word) >>> 1] = value
      },
    }
  }

  #narrowWord(): number {
    const gap = this.#gap
    if (gap === undefined) return this.#widen(1)
    this.#widen(0)
    this.#gap = undefined
    return gap
  }

  #widen(words: number): number {
    if (this.#words.length > 0) throw new RangeError('The columns of a table come before its numbers')
    const word = this.#width
    this.#width += words
    return word
  }

  /** The piece that a row is in, which is made if it was not there. */
  #pieceOf<View>(row: number, views: readonly View[]): View {
    const index = row >>> ROWS_BITS
    while (this.#words.length <= index) this.#grow()
    const view = views[index]
    if (view === undefined) throw new RangeError(`There is no row ${row}`)
    return view
  }

  #grow(): void {
    // The rows after the first begin at an even word too.
    this.#width += this.#width % 2
    const bytes = new ArrayBuffer(ROWS * this.#width * WORD_BYTES)
    this.#words.push(new Uint32Array(bytes))
    this.#doubles.push(new Float64Array(bytes))
  }
}
