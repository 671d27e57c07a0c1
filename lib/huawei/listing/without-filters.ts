import { type Passes, readBackward } from './backward.ts'
import type { Batch } from './batch.ts'
import type { Session } from './session.ts'

/**
 * The fallback where the time filters are ignored: the whole list by offset, backward, until the passes agree.
 * Returns whether the order held in which a row's index never rises.
 */
export async function* readWithoutFilters<Row>(session: Session<Row>): AsyncGenerator<Batch<Row>, boolean> {
  const passes = yield* readBackward(session, [], 'created_at:asc')
  tellOfPasses(session, passes)
  return passes.isRising
}

/** Says that the whole list was read without filters, and what that does not prove. */
export function tellOfPasses<Row>(session: Session<Row>, { isAgreed, isStill, isTied }: Passes): void {
  session.note(
    'The API does not filter by time as asked; the whole list was read backward by offset instead.',
  )
  if (!isAgreed)
    session.doubt(
      'The API does not filter by time as asked, and no two passes over the whole list returned the same backups.',
    )
  else if (isTied && !isStill)
    session.doubt(
      'The API does not filter by time as asked, the list moved while it was read, and pages of it began between backups of one moment, which have no order by time.',
    )
}
