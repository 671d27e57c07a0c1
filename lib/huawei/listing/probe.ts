import type { Parameters } from './listing.ts'
import type { Session } from './session.ts'
import { stamp, wholeSecond } from './window.ts'

/** What a request for a single row tells. */
export interface Probe {
  readonly count: number | undefined
  /** The second of the row at that end of the list, where it has a readable one. */
  readonly second: number | undefined
  /** Whether the row at that end has no readable creation time. */
  readonly isUndated: boolean
}

/** Since 1970: shows every row but those that a time filter hides. */
export const EVER: Parameters = [['start_time', stamp(0)]]

/** Asks for the row at one end of what a filter shows, and for the count of it all. */
export async function* probe<Row>(
  session: Session<Row>,
  direction: 'asc' | 'desc',
  filter: Parameters = [],
): AsyncGenerator<readonly Row[], Probe> {
  const page = await session.ask([['sort', `created_at:${direction}`], ...filter], 1)
  const [time] = session.timesOf(page)
  // A row without a time is left for the search for hidden rows, which must find all of them.
  if (time === undefined) return { count: page.count, second: undefined, isUndated: page.rows.length > 0 }
  yield session.take(page).fresh
  return { count: page.count, second: wholeSecond(time), isUndated: false }
}
