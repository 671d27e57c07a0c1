import type { Target } from '../../lib/backup.ts'
import { Fault } from '../../lib/errors.ts'
import type { QueryPair } from '../../lib/runtime/http-event.ts'
import { figure } from '../figure.ts'
import type { Page } from '../read-pages.ts'

/** What came of a target so far. */
export interface Course {
  readonly pages: number
  readonly shown: number
  /** Rows that had come before: the list moved. */
  readonly repeated: number
  /** Whether the last page had nothing else. */
  readonly standsStill: boolean
  readonly total: number | undefined
  /** Whether that number changed meanwhile. */
  readonly moved: boolean
  readonly hasMore: boolean
}

/** Before the first page. */
export const BEGINNING: Course = {
  pages: 0,
  shown: 0,
  repeated: 0,
  standsStill: false,
  total: undefined,
  moved: false,
  hasMore: true,
}

/** Pages of the longest list that is believed to end. */
const MOST_PAGES = 10_000

/** Goes on by a page, of which so many rows never came before. */
export function advance(course: Course, { rows, total, next }: Page, fresh: number): Course {
  // An answer with nothing in it counts nothing: a 204 of DCS, or one that is falsely empty.
  const counted = rows.length === 0 && !total ? (course.total ?? total) : total
  return {
    pages: course.pages + 1,
    shown: course.shown + fresh,
    repeated: course.repeated + rows.length - fresh,
    standsStill: rows.length > 0 && fresh === 0,
    total: counted,
    moved: course.moved || (course.total !== undefined && course.total !== counted),
    hasMore: next !== undefined,
  }
}

/** Throws where a list that is to be read whole does not come to its end: it goes on without end, or ends too soon. */
export function requireEnd(course: Course, target: Target, query: readonly QueryPair[]): void {
  const because = whyUnended(course, `${target.region}:${target.projectId}`, new Map(query))
  if (because === undefined) return
  throw new Fault(
    'upstream_unavailable',
    `Cannot read this list to its end: ${because}. Try again, for it may have changed meanwhile`,
  )
}

/** In a list that moved, rows may be missing though every position was read. */
function whyUnended(course: Course, where: string, start: ReadonlyMap<string, unknown>): string | undefined {
  const { pages, shown, repeated, standsStill, total = 0, moved, hasMore } = course
  if (standsStill) return `Huawei sends backups of ${where} again, and ${shown} came`
  if (hasMore && pages < MOST_PAGES) return undefined
  if (hasMore)
    return `${figure(pages)} pages of ${where} came, and there are more; larger ones (--limit) may do`
  // How many stand before a marker nobody says.
  if (start.has('marker')) return undefined
  const skipped = Number(start.get('offset') ?? 0)
  if (skipped + shown + (moved ? repeated : 0) >= total) return undefined
  return `Huawei counts ${total - skipped} backups in ${where}, and ${shown} came`
}
