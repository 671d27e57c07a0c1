/** How many rows were seen, and of which kinds; all but `listed` and `duplicates` count each row once. */
export interface Tally {
  listed: number
  duplicates: number
  /** Inside the audit. */
  distinct: number
  unreadable: number
  /** Without a creation time, which every time filter hides. */
  undated: number
  /** Created after the horizon. */
  later: number
  /** Created before the last settled second of the session, in it, and after it (beyond the horizon too). */
  beforeSettledSecond: number
  inSettledSecond: number
  young: number
}

/** Nobody was seen yet. */
export function emptyTally(): Tally {
  return {
    listed: 0,
    duplicates: 0,
    distinct: 0,
    unreadable: 0,
    undated: 0,
    later: 0,
    beforeSettledSecond: 0,
    inSettledSecond: 0,
    young: 0,
  }
}
