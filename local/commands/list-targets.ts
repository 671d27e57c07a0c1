import type { Target } from '../../lib/backup.ts'
import { Fault } from '../../lib/errors.ts'
import type { HttpFunction } from '../../lib/runtime/http.ts'
import type { QueryPair } from '../../lib/runtime/http-event.ts'
import { type Patience, readPages, toRow } from '../read-pages.ts'
import { readToEnd } from '../read-to-end.ts'
import { advance, BEGINNING, type Course, requireEnd } from './course.ts'

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
  let course = BEGINNING
  const call = { path: wish.path, query: [...wish.query, ...place] }
  const pages = (wish.all ? readToEnd : readPages)(list, call, wish.patience)
  for await (const page of pages) {
    const rows = page.rows.filter((row) => isNew(seen, row))
    course = advance(course, page, rows.length)
    if (wish.all) requireEnd(course, target, wish.query)
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
