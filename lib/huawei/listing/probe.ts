import { wholeSecond } from '../../time.ts'
import type { Probe } from './learnt.ts'
import type { Parameters } from './listing.ts'
import type { Session } from './session.ts'
import { stamp } from './window.ts'

/** Since 1970: shows every row but those that a time filter hides. */
export const EVER: Parameters = [['start_time', stamp(0)]]

/**
 * Asks for the row at one end of what a filter shows, and for the count of it all. The row itself is left to the
 * listing: what was met before the first count, and is deleted by then, would not fit that count. Undefined where
 * the answer is lost for good. Whether nothing at all is believed is decided once `others` were answered too.
 */
export async function probe<Row>(
  session: Session<Row>,
  direction: 'asc' | 'desc',
  filter: Parameters = [],
  others?: Promise<unknown>,
): Promise<Probe | undefined> {
  try {
    return await look(session, [['sort', `created_at:${direction}`], ...filter], others)
  } catch (error) {
    session.lose({ from: undefined, to: session.horizonSecond }, error)
    return undefined
  }
}

/** The newest of the settled rows, and their count. */
export async function probeSettled<Row>(
  session: Session<Row>,
  others?: Promise<unknown>,
): Promise<Probe | undefined> {
  return await probe(session, 'desc', [['end_time', stamp(session.settledSecond)]], others)
}

async function look<Row>(
  session: Session<Row>,
  parameters: Parameters,
  others: Promise<unknown> | undefined,
): Promise<Probe> {
  const ask = async () => await session.ask(parameters, 1)
  const first = await ask()
  await others
  // Nothing at all is asked for twice where something is known to be there, and at the very beginning.
  const isKnown = session.register.tally.listed > 0 || (session.learnt.countBefore ?? 1) > 0
  const page = first.rows.length === 0 && isKnown ? await ask() : first
  const [time] = page.times
  return {
    count: page.count,
    second: time === undefined ? undefined : wholeSecond(time),
    isUndated: page.rows.length > 0 && time === undefined,
  }
}
