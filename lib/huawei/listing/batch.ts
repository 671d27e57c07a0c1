/**
 * Rows on their way to whoever wants them, given away once. Many chains wait at the same time, each with the last batch
 * in its frame: arrays there would keep all their rows alive for a whole round, long enough for the collector to take them for lasting.
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
