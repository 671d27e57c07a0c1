import type { Target } from '../../lib/backup.ts'
import { Fault } from '../../lib/errors.ts'
import type { HttpFunction } from '../../lib/runtime/http.ts'
import type { QueryPair } from '../../lib/runtime/http-event.ts'
import { type Page, type Patience, readPages, toRow } from '../read-pages.ts'

/** What is asked of every target. */
export interface ListWish {
  readonly path: string
  readonly query: readonly QueryPair[]
  readonly all: boolean
  readonly patience: Patience
}

/** A page of a target, ready to be shown. */
export interface Chunk {
  readonly target: Target
  /** Huawei's body, where this one page is all that was asked for. */
  readonly whole: string | undefined
  readonly rows: readonly unknown[]
  /** How far the target has been read. */
  readonly course: Course
  readonly isLast: boolean
}

/** What came of a target so far. */
export interface Course {
  readonly shown: number
  /** Rows that had come before: the list moved. */
  readonly repeated: number
  readonly total: number | undefined
  /** Whether that number changed meanwhile. */
  readonly moved: boolean
  readonly hasMore: boolean
}

/** Reads one target after the other: the first page of each, or all of them; a row that comes twice is passed on once. */
export async function* listTargets(
  list: HttpFunction,
  targets: readonly Target[],
  wish: ListWish,
): AsyncGenerator<Chunk, void, undefined> {
  for (const target of targets) yield* listTarget(list, target, wish, targets.length === 1 && !wish.all)
}

/** An instance is in one target; which, only Huawei knows. */
export async function* listInstance(
  list: HttpFunction,
  targets: readonly Target[],
  wish: ListWish,
): AsyncGenerator<Chunk, void, undefined> {
  let missing: Fault | undefined
  for (const target of targets) {
    try {
      yield* listTarget(list, target, wish, !wish.all)
      return
    } catch (error) {
      if (!(error instanceof Fault) || error.upstream?.httpStatus !== 404) throw error
      missing = error
    }
  }
  if (missing !== undefined) throw missing
}

async function* listTarget(
  list: HttpFunction,
  target: Target,
  wish: ListWish,
  isWhole: boolean,
): AsyncGenerator<Chunk, void, undefined> {
  const place: readonly QueryPair[] = [
    ['region', target.region],
    ['project_id', target.projectId],
  ]
  const seen = new Set<unknown>()
  let course: Course = { shown: 0, repeated: 0, total: undefined, moved: false, hasMore: true }
  const call = { path: wish.path, query: [...wish.query, ...place] }
  for await (const page of readPages(list, call, wish.patience)) {
    const rows = page.rows.filter((row) => isNew(seen, row))
    course = advance(course, page, rows.length)
    if (wish.all && !course.hasMore) requireWhole(course, target, wish)
    const isLast = !wish.all || !course.hasMore
    yield { target, whole: isWhole ? page.body : undefined, rows, course, isLast }
    if (isLast) return
  }
}

/** Remembers the ids of rows; one without an id is always new. */
function isNew(seen: Set<unknown>, row: unknown): boolean {
  const { id, backup_id } = toRow(row)
  const key = id ?? backup_id
  if (typeof key !== 'string') return true
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

function advance(course: Course, { rows, total, next }: Page, fresh: number): Course {
  // An answer with nothing in it counts nothing: a 204 of DCS, or one that is falsely empty.
  const counted = rows.length === 0 && !total ? (course.total ?? total) : total
  return {
    shown: course.shown + fresh,
    repeated: course.repeated + rows.length - fresh,
    total: counted,
    moved: course.moved || (course.total !== undefined && course.total !== counted),
    hasMore: next !== undefined,
  }
}

/** Throws where fewer came than Huawei counts. In a list that moved, rows may be missing though every position was read. */
function requireWhole(
  { shown, repeated, total = 0, moved }: Course,
  { region, projectId }: Target,
  { query }: ListWish,
): void {
  const start = new Map(query)
  // How many stand before a marker nobody says.
  if (start.has('marker')) return
  const skipped = Number(start.get('offset') ?? 0)
  if (skipped + shown + (moved ? repeated : 0) >= total) return
  throw new Fault(
    'upstream_unavailable',
    `Cannot read this list to its end: Huawei counts ${total - skipped} backups in ${region}:${projectId}, and ${shown} came. Try again, for it may have changed meanwhile`,
  )
}
