import type { Listing as Source, ListingOutcome as Told } from '../huawei/listing/listing.ts'
import type { Reading, UnreadableRow } from './rows.ts'

/** What a complete listing tells once it is over. */
export interface ListingOutcome {
  /** Whether it is proved that no row was missed. */
  readonly complete: boolean
  /** Why it is not, a sentence each. */
  readonly incompleteBecause: readonly string[]
  /** What one should know although it is no failure. */
  readonly notes: readonly string[]
  readonly distinct: number
  readonly duplicates: number
  readonly requests: number
  readonly unreadable: readonly UnreadableRow[]
}

/** A list that is read whole: rows one by one, each once, and what is known of their being all. */
export interface Listing<Row> extends AsyncIterable<Row> {
  /** To be asked for when the iteration has ended; before, the listing is not complete. */
  readonly outcome: () => ListingOutcome
}

/** Rows one by one; throws the Fault where nothing at all could be read. What is noted of its pages comes to what it tells itself. */
export function listing<Row>(source: Source<Reading<Row>>, pageNotes: ReadonlySet<string>): Listing<Row> {
  const unreadable: UnreadableRow[] = []
  return {
    [Symbol.asyncIterator]: () => readable(source, unreadable),
    outcome: () => toOutcome(source.outcome(), pageNotes, unreadable),
  }
}

async function* readable<Row>(
  source: Source<Reading<Row>>,
  unreadable: UnreadableRow[],
): AsyncGenerator<Row> {
  for await (const batch of source) {
    for (const reading of batch) {
      if ('unreadable' in reading) unreadable.push(reading.unreadable)
      else yield reading.row
    }
  }
  const { fault } = source.outcome()
  if (fault !== undefined) throw fault
}

function toOutcome(
  told: Told,
  pageNotes: ReadonlySet<string>,
  unreadable: readonly UnreadableRow[],
): ListingOutcome {
  const { distinct, duplicates, requests } = told
  const incompleteBecause = [
    ...told.incompleteBecause,
    ...unreadable.map(({ because }) => `A row cannot be read: ${because}`),
  ]
  const notes = [...told.notes, ...pageNotes]
  const complete = incompleteBecause.length === 0
  return { complete, incompleteBecause, notes, distinct, duplicates, requests, unreadable }
}
