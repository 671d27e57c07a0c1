import { IdSet } from '../../id-set.ts'
import type { Instant } from '../../time.ts'
import { refuseDeep } from '../nesting.ts'
import { Batch } from './batch.ts'
import type { Answer, RowKey } from './listing.ts'
import { wholeSecond } from './window.ts'

/**
 * How long before the horizon a row may have been made and still become visible during the run. No source says how
 * late the list shows a new backup; a quarter of an hour is far above what consistent stores need.
 */
export const LATE_SECONDS = 900

const NAMELESS: RowKey = { id: undefined, createdAt: undefined }

/** What a page brought. */
export interface Taken<Row> {
  /** Rows inside the audit that were never seen before. */
  readonly fresh: Batch<Row>
  /** Ids never seen before, those outside the audit too. */
  readonly news: number
}

/** Who was seen: every row of every page passes here, and leaves at most once. */
export class Register<Row> {
  readonly #horizon: Instant
  readonly #names = new IdSet()
  listed = 0
  distinct = 0
  duplicates = 0
  unreadable = 0
  /** Distinct rows without a creation time, which every time filter hides. */
  undated = 0
  /** Distinct rows created after the horizon. */
  later = 0
  /** Distinct rows created before the horizon's second; of those, the ones created shortly before it. */
  beforeHorizonSecond = 0
  recent = 0
  /** Distinct rows created in the horizon's second, after the horizon too. */
  inHorizonSecond = 0

  constructor(horizon: Instant) {
    this.#horizon = horizon
  }

  take({ rows, keys }: Answer<Row>): Taken<Row> {
    const fresh: Row[] = []
    const known = this.#names.size
    this.listed += rows.length
    rows.forEach((row, index) => {
      const key = keys[index] ?? NAMELESS
      if (!this.#names.add(nameOf(row, key))) this.duplicates += 1
      else if (this.#count(key)) fresh.push(row)
    })
    return { fresh: new Batch(fresh), news: this.#names.size - known }
  }

  /** Counts a row met for the first time; false where it lies outside the audit. */
  #count({ id, createdAt }: RowKey): boolean {
    if (createdAt !== undefined) {
      const secondsLeft = wholeSecond(this.#horizon) - wholeSecond(createdAt)
      if (secondsLeft > 0) this.beforeHorizonSecond += 1
      if (secondsLeft === 0) this.inHorizonSecond += 1
      if (createdAt > this.#horizon) {
        this.later += 1
        return false
      }
      if (secondsLeft > 0 && secondsLeft <= LATE_SECONDS) this.recent += 1
    }
    this.distinct += 1
    if (createdAt === undefined) this.undated += 1
    if (createdAt === undefined || id === undefined) this.unreadable += 1
    return true
  }
}

/** What tells a row from others: its id, or all that it says where it has none (no id begins with a brace). */
export function nameOf<Row>(row: Row, key: RowKey): string {
  if (key.id !== undefined) return key.id
  refuseDeep(row)
  return JSON.stringify(row)
}
