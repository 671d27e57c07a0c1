import { IdSet } from '../../id-set.ts'
import type { Instant } from '../../time.ts'
import { refuseDeep } from '../nesting.ts'
import { Batch } from './batch.ts'
import type { Answer, RowKey } from './listing.ts'
import { wholeSecond } from './window.ts'

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
  readonly #settledSecond: number
  readonly #names = new IdSet()
  listed = 0
  distinct = 0
  duplicates = 0
  unreadable = 0
  /** Distinct rows without a creation time, which every time filter hides. */
  undated = 0
  /** Distinct rows created after the horizon. */
  later = 0
  /** Distinct rows created before the last settled second of the session, and in it. */
  beforeSettledSecond = 0
  inSettledSecond = 0
  /** Distinct rows created after it, beyond the horizon too. */
  young = 0

  constructor(horizon: Instant, settledSecond: number) {
    this.#horizon = horizon
    this.#settledSecond = settledSecond
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
      const second = wholeSecond(createdAt)
      if (second < this.#settledSecond) this.beforeSettledSecond += 1
      if (second === this.#settledSecond) this.inSettledSecond += 1
      if (second > this.#settledSecond) this.young += 1
      if (createdAt > this.#horizon) {
        this.later += 1
        return false
      }
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
