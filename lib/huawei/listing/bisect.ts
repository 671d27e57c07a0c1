import type { Batch } from './batch.ts'
import { readCrowded } from './crowded.ts'
import type { Session } from './session.ts'
import { isInside, timeFilter, type Window } from './window.ts'

/** Reads a window without relying on any order: halves it until what is left fits one page. */
export async function* readBisected<Row>(session: Session<Row>, window: Window): AsyncGenerator<Batch<Row>> {
  const page = await session.read([['sort', 'created_at:asc'], ...timeFilter(window)])
  yield page.fresh
  if (page.times.some((time) => !isInside(window, time))) session.learnt.filtersIgnored = true
  if (session.learnt.filtersIgnored || session.isWhole(page)) return
  if (page.size === 0) {
    session.learnt.emptied.push(window)
    return
  }
  // Without counts a page that is not full is the best evidence there is; the closing check says that they lack.
  if (!session.countsAreTrusted && page.size < session.pageSize) return
  const from = window.from ?? 0
  if (window.to <= from) return yield* readCrowded(session, window)
  const middle = Math.floor((from + window.to) / 2)
  yield* readBisected(session, { from: window.from, to: middle })
  yield* readBisected(session, { from: middle + 1, to: window.to })
}
