import { BY_ID, readBackward } from './backward.ts'
import type { Batch } from './batch.ts'
import type { Session } from './session.ts'
import type { Window } from './span.ts'
import { describe, timeFilter } from './window.ts'

/**
 * Reads a second that holds more than a page, which a cursor of values cannot pass. It is the only place that needs
 * a stable order, so it sorts by id, where nothing is tied.
 */
export async function* readCrowded<Row>(session: Session<Row>, window: Window): AsyncGenerator<Batch<Row>> {
  const { isAgreed } = yield* readBackward(session, timeFilter(window), BY_ID)
  if (isAgreed) return
  session.doubt(
    `Backups created ${describe(window)} do not fit one page, and no two passes over them returned the same ones.`,
  )
}
