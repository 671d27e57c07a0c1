import type { Batch } from './batch.ts'
import { readCrowded } from './crowded.ts'
import type { Session } from './session.ts'
import type { Window } from './span.ts'
import { isInside, timeFilter } from './window.ts'

/**
 * Reads windows without relying on any order: halves each until what is left fits one page. In `windows` there is always what is
 * still to be read.
 */
export async function* readBisected<Row>(
  session: Session<Row>,
  windows: Window[],
): AsyncGenerator<Batch<Row>> {
  for (let window = windows.at(-1); window !== undefined; window = windows.at(-1)) {
    const halves = yield* readOrHalve(session, window)
    windows.splice(-1, 1, ...halves)
  }
}

/** Reads a window that fits one page, or can be cut no more; of any other the halves are still to be read, the last one first. */
async function* readOrHalve<Row>(
  session: Session<Row>,
  window: Window,
): AsyncGenerator<Batch<Row>, readonly Window[]> {
  const page = await session.read([['sort', 'created_at:asc'], ...timeFilter(window)])
  yield page.fresh
  const { learnt } = session
  if (page.times.some((time) => !isInside(window, time))) learnt.filtersIgnored = true
  if (learnt.filtersIgnored || session.isWhole(page)) return []
  if (page.size === 0) {
    learnt.emptied.push(window)
    return []
  }
  // Without counts a page that is not full is the best evidence there is; the closing check says that they lack.
  if (!session.countsAreTrusted && page.size < session.pageSize) return []
  const from = window.from ?? 0
  if (window.to <= from) {
    yield* readCrowded(session, window)
    return []
  }
  const middle = Math.floor((from + window.to) / 2)
  return [
    { from: middle + 1, to: window.to },
    { from: window.from, to: middle },
  ]
}
