import { streamed } from '../stream.ts'

/** Some 10 MB of findings: rows that are fewer need not be read back from the store for each rendering. */
const MOST_KEPT = 10_000

/** The rows of a stream, held as long as they are few. */
export interface KeptRows<Row> {
  readonly add: (row: Row) => void
  /** All rows that were added; undefined where they were too many. */
  readonly replay: () => AsyncIterable<Row> | undefined
}

/** Begins to hold rows, and lets go of all of them where there are too many. */
export function keepFew<Row>(): KeptRows<Row> {
  let kept: Row[] | undefined = []
  return {
    add: (row) => {
      if (kept === undefined) return
      if (kept.length < MOST_KEPT) kept.push(row)
      else kept = undefined
    },
    replay: () => kept && streamed(kept),
  }
}
