import type { Answer, Parameters } from './listing.ts'
import type { Session } from './session.ts'

/** Asks for the page that begins at an offset of the list, the oldest rows first. */
export function askSorted<Row>(
  session: Session<Row>,
  offset: number,
  filter: Parameters = [],
): Promise<Answer<Row>> {
  const from = offset === 0 ? [] : [['offset', String(offset)] as const]
  return session.ask([['sort', 'created_at:asc'], ...filter, ...from])
}
