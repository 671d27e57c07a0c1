import type { Observation, Service, Target } from './backup.ts'
import type { Fault } from './errors.ts'
import type { Instant } from './time.ts'

/** How a target was read, in the words of the contract's `summary.json`. */
export interface TargetReport {
  readonly region: string
  readonly project_id: string
  readonly service: Service
  /** Rows received, whatever they were. */
  readonly listed: number
  /** Distinct ids among them. */
  readonly distinct: number
  readonly duplicates: number
  /** The API's own unfiltered count, before and after the scan; null for DCS. */
  readonly count_before: number | null
  readonly count_after: number | null
  /** List calls made. */
  readonly requests: number
  readonly verdict: 'complete' | 'incomplete' | 'skipped'
  readonly note: string | null
}

declare const headBrand: unique symbol

/** What an interrupted scan knew, as plain data that only the source which wrote it can read. */
export interface BookmarkHead {
  readonly [headBrand]: true
}

/** Where an interrupted scan is taken up again, by this process or another one: plain data, good for JSON. */
export interface Bookmark {
  readonly head: BookmarkHead
  /** The names of all that was seen, packed: a few thousand to a text. */
  readonly names: readonly string[]
}

/** How far a scan came before it was interrupted. */
export interface Interruption {
  readonly bookmark: Bookmark
  /** Whether that is further than where it began. */
  readonly isFurther: boolean
}

/** What a scan tells once it is over. */
export interface ScanOutcome {
  readonly report: TargetReport
  /** Why the target is not proved whole, a sentence each; empty where it is. */
  readonly incompleteBecause: readonly string[]
  /** Resources of which backups may exist that were not seen, because a list broke off: there absence proves nothing. */
  readonly unread: 'all' | readonly string[]
  /** Why nothing at all could be read; undefined where something was. */
  readonly fault: Fault | undefined
  /** Where somebody can go on, if time ran out; the rest tells what it comes to if nobody does. */
  readonly interruption?: Interruption | undefined
}

/** What a scan tells while it runs. */
export interface ScanProgress {
  readonly target: Target
  /** Distinct backups seen so far. */
  readonly seen: number
  /** How many there should be, where the API said so. */
  readonly expected: number | undefined
}

/**
 * One reading of one target, pulled page by page. The iteration never throws for what the cloud did: a failed page
 * ends it, and `outcome` says so. `outcome` resolves once the iteration has ended.
 * An array is emptied when the next one is asked for.
 */
export interface Scan extends AsyncIterable<readonly Observation[]> {
  readonly outcome: () => ScanOutcome
}

/** Where observations come from: a target, and how to read it up to `asOf`. */
export interface Source {
  readonly target: Target
  readonly scan: (asOf: Instant, onProgress: (progress: ScanProgress) => void) => Scan
}
