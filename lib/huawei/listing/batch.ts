/**
 * Rows that are given away once. Many chains wait at the same time, and each still holds its last batch: were it an array, its rows
 * would live for so long that the garbage collector moved them to the old generation.
 */
export class Batch<Row> {
  #rows: Row[]

  constructor(rows: Row[]) {
    this.#rows = rows
  }

  /** How many rows it has, until somebody takes them. */
  get size(): number {
    return this.#rows.length
  }

  /** The rows, if nobody has taken them yet. */
  give(): Row[] {
    const given = this.#rows
    this.#rows = []
    return given
  }
}
