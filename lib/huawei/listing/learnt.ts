import type { Window } from './span.ts'

/** What a request for a single row tells. */
export interface Probe {
  readonly count: number | undefined
  /** The second of the row at that end of the list, where it has a readable one. */
  readonly second: number | undefined
  /** Whether the row at that end has no readable creation time. */
  readonly isUndated: boolean
}

/** What the two requests at the beginning told; undefined where their answers were lost. */
export interface Opening {
  readonly oldest: Probe | undefined
  /** Of the settled rows. */
  readonly newest: Probe | undefined
}

/** What has been learnt of a list and of the API so far: plain data, good for JSON, for whoever goes on with the listing. */
export interface Learnt {
  opening: Opening | undefined
  requests: number
  /** Rows expected, all but the latest, where the API said so. */
  expected: number | undefined
  /** The API's own unfiltered counts. */
  countBefore: number | undefined
  countAfter: number | undefined
  /** Whether the time filters turned out to be ignored, so that windows prove nothing. */
  filtersIgnored: boolean
  /** Whether `sort=created_at` turned out to be ignored, so that the ends of the list show nothing. */
  sortIgnored: boolean
  /** Whether a page came sorted that would hardly be so by chance. */
  sortShown: boolean
  /** Whether a page of one single moment came, which looks sorted in any order. */
  sortHidden: boolean
  /** How far into the second that `start_time` names, in microseconds, rows were seen: from there on it shows them. */
  shownFrom: number | undefined
  /** Windows that ended with an empty answer: read again where rows turn out to be missing. */
  readonly emptied: Window[]
  /** Rows that only the second reading of the last windows showed; undefined where that was not begun. */
  late: number | undefined
  /** Whether a count was ever seen to tell more than the length of its own page. */
  countsTell: boolean
  countsLied: boolean
  longestPage: number
  /** Whether the API sends fewer rows than it is asked for. */
  cutShort: boolean
  /** Whether a window could not be read. */
  lost: boolean
  /** Why the listing is not proved whole, and what a reader should know besides: each once. */
  readonly incompleteBecause: string[]
  readonly notes: string[]
}

/** What is known before the first request. */
export function nothingLearnt(): Learnt {
  return {
    opening: undefined,
    requests: 0,
    expected: undefined,
    countBefore: undefined,
    countAfter: undefined,
    filtersIgnored: false,
    sortIgnored: false,
    sortShown: false,
    sortHidden: false,
    shownFrom: undefined,
    emptied: [],
    late: undefined,
    countsTell: false,
    countsLied: false,
    longestPage: 1,
    cutShort: false,
    lost: false,
    incompleteBecause: [],
    notes: [],
  }
}
