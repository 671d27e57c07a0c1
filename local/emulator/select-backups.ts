import { type BackupTable, firstAtOrAfter, type Row } from './backup-table.ts'
import type { Dice } from './dice.ts'
import { parseStamp } from './stamp.ts'

/** The keys that `sort` knows. */
export const SORT_KEYS = ['created_at', 'updated_at', 'name', 'status', 'protected_at', 'id'] as const
export type SortKey = (typeof SORT_KEYS)[number]

/** One key of an order. */
export interface Ordering {
  readonly key: SortKey
  readonly descending: boolean
}

/** Which backups are asked for, in which order. Times are microseconds, both ends included. */
export interface Criteria {
  readonly fromUs: number | undefined
  readonly toUs: number | undefined
  readonly filters: readonly ((row: Row) => boolean)[]
  readonly order: readonly Ordering[]
  /** Shuffles rows of equal `created_at` anew, as a server does whose ties are not stable. */
  readonly shuffle?: Dice | undefined
}

/** Backups in the order that was asked for. */
export interface Selection {
  readonly count: number
  readonly slice: (start: number, end: number) => readonly Row[]
  /** The position of a backup, or -1. */
  readonly indexOf: (id: string) => number
}

/** Selects backups; without filters and in order of creation it copies nothing, so that a page costs the same at a million. */
export function selectBackups(table: BackupTable, criteria: Criteria): Selection {
  const { fromUs, toUs, filters, order } = criteria
  const windowed = fromUs !== undefined || toUs !== undefined
  // -Infinity marks a row without created_at: a time filter hides it.
  const low = windowed ? firstAtOrAfter(table.rows, fromUs ?? -Number.MAX_VALUE) : 0
  const high = toUs === undefined ? table.rows.length : firstAtOrAfter(table.rows, toUs + 1)
  const descending = order[0]?.descending ?? true
  if (filters.length === 0 && isByCreation(order) && criteria.shuffle === undefined)
    return descending ? viewBackward(table.rows, low, high) : viewForward(table.rows, low, high)
  const rows: Row[] = []
  for (let at = low; at < high; at++) {
    const row = table.rows[at]
    if (row !== undefined && filters.every((passes) => passes(row))) rows.push(row)
  }
  if (!isByCreation(order)) return viewForward(sortRows(rows, order))
  if (descending) rows.reverse()
  return viewForward(criteria.shuffle === undefined ? rows : shuffleTies(rows, criteria.shuffle))
}

/** Ties are broken by id in the direction of the last key, so `created_at:desc` is `created_at:asc` read backward. */
function isByCreation(order: readonly Ordering[]): boolean {
  const [first, second, ...others] = order
  if (first?.key !== 'created_at' || others.length > 0) return false
  return second === undefined || (second.key === 'id' && second.descending === first.descending)
}

function viewForward(rows: readonly Row[], low = 0, high = rows.length): Selection {
  return {
    count: Math.max(0, high - low),
    slice: (start, end) => rows.slice(Math.min(low + start, high), Math.min(low + end, high)),
    indexOf: (id) => rows.slice(low, high).findIndex((row) => row.id === id),
  }
}

function viewBackward(rows: readonly Row[], low: number, high: number): Selection {
  const forward = viewForward(rows, low, high)
  const { count } = forward
  return {
    count,
    slice: (start, end) => [...forward.slice(Math.max(0, count - end), Math.max(0, count - start))].reverse(),
    indexOf: (id) => {
      const position = forward.indexOf(id)
      return position < 0 ? -1 : count - 1 - position
    },
  }
}

function sortRows(rows: readonly Row[], order: readonly Ordering[]): readonly Row[] {
  const last = order.at(-1)?.descending ?? true
  return rows
    .map((row) => ({ row, keys: order.map(({ key }) => sortValue(row, key)) }))
    .sort((a, b) => {
      for (const [index, { descending }] of order.entries()) {
        const way = compare(a.keys[index], b.keys[index])
        if (way !== 0) return descending ? -way : way
      }
      return compare(a.row.id, b.row.id) * (last ? -1 : 1)
    })
    .map(({ row }) => row)
}

function sortValue(row: Row, key: SortKey): string | number {
  if (key === 'created_at') return row.us
  if (key === 'updated_at' || key === 'protected_at')
    return parseStamp(row.wire[key]) ?? Number.NEGATIVE_INFINITY
  return typeof row.wire[key] === 'string' ? row.wire[key] : ''
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (a === b || a === undefined || b === undefined) return 0
  return a < b ? -1 : 1
}

function shuffleTies(rows: readonly Row[], dice: Dice): readonly Row[] {
  const shuffled = rows.map((row) => ({ row, chance: dice.next() }))
  const descending = (rows[0]?.us ?? 0) > (rows.at(-1)?.us ?? 0)
  return shuffled
    .sort((a, b) => (descending ? -1 : 1) * compare(a.row.us, b.row.us) || a.chance - b.chance)
    .map(({ row }) => row)
}
