import type { WireBackup } from './fleet.ts'
import { parseStamp } from './stamp.ts'

/** A backup with what it is ordered by, read once. */
export interface Row {
  /** `created_at` in microseconds; -Infinity where it is missing or no time, so that such rows come first. */
  readonly us: number
  readonly id: string
  readonly wire: WireBackup
}

/** The backups of one project, always in order of `created_at`, then id. */
export interface BackupTable {
  readonly rows: readonly Row[]
  /** Whether any backup is another account's. */
  readonly holdsShared: () => boolean
  readonly find: (id: string) => WireBackup | undefined
  readonly insert: (wire: WireBackup) => void
  /** False where there was no such backup. */
  readonly remove: (id: string) => boolean
}

/** Holds backups so that a time window is found by bisection. A change of `created_at`, `id` or `own_type` in place goes unnoticed: remove and insert. */
export function createBackupTable(backups: readonly WireBackup[]): BackupTable {
  const rows = backups.map(toRow).sort(compareRows)
  let shared = backups.filter(isShared).length
  let byId: Map<string, Row> | undefined
  // Made on the first look-up: a listing of a million backups never needs it.
  const index = () => {
    byId ??= new Map(rows.map((row) => [row.id, row]))
    return byId
  }
  return {
    rows,
    holdsShared: () => shared > 0,
    find: (id) => index().get(id)?.wire,
    insert: (wire) => {
      const row = toRow(wire)
      rows.splice(positionOf(rows, row), 0, row)
      byId?.set(row.id, row)
      if (isShared(wire)) shared++
    },
    remove: (id) => {
      const row = index().get(id)
      if (row === undefined) return false
      rows.splice(positionOf(rows, row), 1)
      index().delete(id)
      if (isShared(row.wire)) shared--
      return true
    },
  }
}

/** Whether a backup is another account's, which shares it. */
export function isShared(backup: WireBackup): boolean {
  return backup.own_type === 'shared'
}

/** The first position whose `created_at` is at or after a moment. */
export function firstAtOrAfter(rows: readonly Row[], us: number): number {
  return bisect(rows, (row) => row.us < us)
}

/** The position of a row, or where it belongs. */
function positionOf(rows: readonly Row[], row: Row): number {
  return bisect(rows, (other) => compareRows(other, row) < 0)
}

/** By `created_at`, then id. */
export function compareRows(a: Row, b: Row): number {
  if (a.us !== b.us) return a.us < b.us ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function bisect(rows: readonly Row[], isBefore: (row: Row) => boolean): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const row = rows[middle]
    if (row !== undefined && isBefore(row)) low = middle + 1
    else high = middle
  }
  return low
}

function toRow(wire: WireBackup): Row {
  return {
    us: parseStamp(wire.created_at) ?? Number.NEGATIVE_INFINITY,
    id: typeof wire.id === 'string' ? wire.id : '',
    wire,
  }
}
