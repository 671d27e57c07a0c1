import type { Fault } from '../../errors.ts'
import type { Instant } from '../../time.ts'
import type { ListingInterruption } from './bookmark.ts'

/** Query parameters of a list call; the adapter adds its own (`show_replication=true`) and the path. */
export type Parameters = readonly (readonly [name: string, value: string])[]

/** One list call: `limit`, `sort`, and where they are needed `start_time`, `end_time`, `offset`. */
export interface PageQuery {
  readonly parameters: Parameters
}

/** One answer, with the API's own `count` (all rows that match, not those of this page) and the `limit` it echoes. */
export interface Page<Row> {
  /** Emptied by the listing when it has taken them: whoever waited for the page would keep them alive. */
  readonly rows: Row[]
  readonly count: number | undefined
  readonly limit: number | undefined
}

/** What identifies and places a row; undefined where the field is missing or mistyped. */
export interface RowKey {
  readonly id: string | undefined
  readonly createdAt: Instant | undefined
}

/** A page as it was received, with what identifies and places its rows. */
export interface Answer<Row> extends Page<Row> {
  readonly keys: RowKey[]
  /** The readable creation times, in the page's order. */
  readonly times: readonly Instant[]
}

/** What a listing needs to know. */
export interface ListingOptions<Row> {
  /** Fetches one page, with retries and throttling below it; throws a Fault when the page is lost for good, `OutOfTime` where no time is left. */
  readonly fetchPage: (query: PageQuery, signal: AbortSignal) => Promise<Page<Row>>
  readonly keyOf: (row: Row) => RowKey
  /** The audit's `as_of`: rows created after it are outside and are never yielded. */
  readonly horizon: Instant
  /** Requests under way at once, 1 to 32. */
  readonly concurrency: number
  /** Rows asked for at once; 1000 (the API's most) unless told. */
  readonly pageLimit?: number
  readonly onProgress?: (seen: number, expected: number | undefined) => void
}

/** What a listing tells once it is over. `listed` = `distinct` + `duplicates` + rows outside the audit. */
export interface ListingOutcome {
  /** Rows received, whatever they were, but for those of count probes. */
  readonly listed: number
  /** Distinct rows yielded: by id, by content where there is none. */
  readonly distinct: number
  readonly duplicates: number
  /** How many of the yielded rows have no readable id or no readable creation time. */
  readonly unreadable: number
  /** The API's own unfiltered `count`, before and after. */
  readonly countBefore: number | undefined
  readonly countAfter: number | undefined
  /** List calls made. */
  readonly requests: number
  /** Why the listing is not proved whole, a sentence each; empty where it is. */
  readonly incompleteBecause: readonly string[]
  /** What a reader of the report should know although it is no failure. */
  readonly notes: readonly string[]
  /** Whether a part of the list could not be read at all, so that a row may exist that was not seen: absence proves nothing. */
  readonly brokeOff: boolean
  /** Why nothing at all could be read. */
  readonly fault: Fault | undefined
  /** Where to go on, if time ran out after the beginning; all the rest tells what it comes to if nobody does. */
  readonly interruption?: ListingInterruption | undefined
}

/**
 * One reading of one collection: batches of rows never yielded before, pulled with back-pressure, once.
 * The iteration never throws for what the cloud did; `outcome` tells it, once the iteration has ended.
 * A batch is emptied when the next one is asked for.
 */
export interface Listing<Row> extends AsyncIterable<readonly Row[]> {
  readonly outcome: () => ListingOutcome
}
