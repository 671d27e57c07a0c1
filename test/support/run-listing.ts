import { listAll } from '../../lib/huawei/list-all.ts'
import type { ListingOptions, ListingOutcome } from '../../lib/huawei/listing/listing.ts'
import { type CollectionOptions, type FakeRow, HORIZON, MovingCollection } from './moving-collection.ts'

/** What one listing of a fake collection came to, compared with what was really there. */
export interface Run {
  readonly outcome: ListingOutcome
  readonly yielded: readonly FakeRow[]
  /** Rows that lived through the whole scan and were not yielded. */
  readonly missed: number
  readonly twice: number
  /** Rows yielded although they lie outside the audit. */
  readonly outside: number
  readonly requests: number
}

/** Lists a fake collection and compares. */
export async function runListing(
  options: CollectionOptions,
  listing: Partial<ListingOptions<FakeRow>> = {},
): Promise<Run> {
  const collection = new MovingCollection(options)
  const horizon = options.horizon ?? HORIZON
  const { fetchPage, keyOf } = collection
  const list = listAll({ fetchPage, keyOf, horizon, concurrency: 8, pageLimit: 100, ...listing })
  const yielded: FakeRow[] = []
  for await (const batch of list) for (const row of batch) yielded.push(row)
  return compared(collection, options, list.outcome(), yielded)
}

/** What a listing came to, beside what its collection really holds. */
export function compared(
  collection: MovingCollection,
  { horizon = HORIZON }: CollectionOptions,
  outcome: ListingOutcome,
  yielded: readonly FakeRow[],
): Run {
  const seen = new Set(yielded)
  return {
    outcome,
    yielded,
    missed: collection.survivors().filter((row) => !seen.has(row)).length,
    twice: yielded.length - seen.size,
    outside: yielded.filter((row) => (row.createdAt ?? 0) > horizon).length,
    requests: collection.requests,
  }
}

/** What peers do: offsets, newest first, until a short page. */
export async function runOffsets(options: CollectionOptions): Promise<{ missed: number; twice: number }> {
  const collection = new MovingCollection(options)
  const seen = new Set<FakeRow>()
  let received = 0
  for (let offset = 0; ; offset += 100) {
    const parameters = [
      ['sort', 'created_at:desc'],
      ['limit', '100'],
      ['offset', String(offset)],
    ] as const
    const { rows } = await collection.fetchPage({ parameters }, new AbortController().signal)
    for (const row of rows) seen.add(row)
    received += rows.length
    if (rows.length < 100) break
  }
  return {
    missed: collection.survivors().filter((row) => !seen.has(row)).length,
    twice: received - seen.size,
  }
}
