import { asWire, text } from './fields.ts'
import { listPages } from './list-pages.ts'
import type { ListingOutcome, Parameters } from './listing/listing.ts'
import { type Collection, readPage } from './page.ts'
import type { ScanLog } from './scanning.ts'

/** What was read of a short collection, and how. */
export interface RowsRead {
  readonly rows: readonly unknown[]
  readonly outcome: ListingOutcome
}

/** Reads a short collection (vaults, policies, instances, the records of one instance) whole, each row once; what was read before a page was lost is kept. */
export async function listRows(
  collection: Collection,
  log: ScanLog,
  {
    idKey,
    filter = [],
    looksAhead = false,
    keep = asItCame,
  }: {
    readonly idKey: string
    readonly filter?: Parameters
    readonly looksAhead?: boolean
    /** What to keep of a row, its id included, where the most of it is not wanted. */
    readonly keep?: (row: unknown) => unknown
  },
): Promise<RowsRead> {
  const listing = listPages<unknown>({
    fetchPage: ({ parameters }, signal) =>
      readPage(collection, [...filter, ...parameters], log, keep, signal),
    idOf: (row) => text(asWire(row)?.[idKey]) || undefined,
    looksAhead,
  })
  const rows: unknown[] = []
  for await (const batch of listing) rows.push(...batch)
  const outcome = listing.outcome()
  log.fault ??= outcome.fault
  return { rows, outcome }
}

/** Short lists are read from the rows themselves. */
export function asItCame(row: unknown): unknown {
  return row
}
