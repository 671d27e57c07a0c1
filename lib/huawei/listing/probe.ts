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

/**
 * Asks for the row at one end of what a filter shows, and for the count of it all. The row itself is left to the
 * listing: what was met before the first count, and is deleted by then, would not fit that count. Undefined where
 * the answer is lost for good.
 */
export async function probe<Row>(
  session: Session<Row>,
  direction: 'asc' | 'desc',
  filter: Parameters = [],
): Promise<Probe | undefined> {
  try {
    return await look(session, [['sort', `created_at:${direction}`], ...filter])
  } catch (error) {
    session.lose({ from: undefined, to: session.horizonSecond }, error)
    return undefined
  }
}

async function look<Row>(session: Session<Row>, parameters: Parameters): Promise<Probe> {
  const ask = async () => await session.ask(parameters, 1)
  const first = await ask()
  // Nothing at all is asked for twice where something is known to be there, and at the very beginning.
  const isKnown = session.register.listed > 0 || (session.countBefore ?? 1) > 0
  const page = first.rows.length === 0 && isKnown ? await ask() : first
  const [time] = page.times
  return {
    count: page.count,
    second: time === undefined ? undefined : wholeSecond(time),
    isUndated: page.rows.length > 0 && time === undefined,
  }
}
