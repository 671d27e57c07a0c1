const INITIAL_LENGTH = 1 << 10

/** Numbers beside the heap, one for each index from 0: what was never set is what the column was made with. */
export class Column {
  readonly #blank: number
  #values: Float64Array

  constructor(blank: number) {
    this.#blank = blank
    this.#values = new Float64Array(INITIAL_LENGTH).fill(blank)
  }

  at(index: number): number {
    return this.#values[index] ?? this.#blank
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) this.#grow(index)
    this.#values[index] = value
  }

  #grow(index: number): void {
    const grown = new Float64Array(Math.max(index + 1, Math.ceil(this.#values.length * 1.5)))
    grown.set(this.#values)
    this.#values = grown.fill(this.#blank, this.#values.length)
  }
}
