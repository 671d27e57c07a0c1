import { IdSet } from '../../id-set.ts'
import { type Instant, wholeSecond } from '../../time.ts'
import { refuseDeep } from '../nesting.ts'
import { Batch } from './batch.ts'
import type { Answer, RowKey } from './listing.ts'
import { emptyTally, type Tally } from './tally.ts'

/** 10 MB, that are not taken before they are used. */
const MOST_EXPECTED = 1_000_000
const NAMELESS: RowKey = { id: undefined, createdAt: undefined }

/** What a page brought. */
export interface Taken<Row> {
  /** Rows inside the audit that were never seen before. */
  readonly fresh: Batch<Row>
  /** Ids never seen before, those outside the audit too. */
  readonly news: number
  /** Rows that had come on the same page before: as many others may be missing, whatever the page counts. */
  readonly twice: number
}

/** Who was seen: every row of every page passes here, and leaves at most once. */
export class Register<Row> {
  readonly tally: Tally
  readonly #horizon: Instant
  readonly #settledSecond: number
  readonly #names: IdSet
  #isClosed = false

  constructor(horizon: Instant, settledSecond: number, tally = emptyTally(), names = new IdSet()) {
    this.tally = tally
    this.#horizon = horizon
    this.#settledSecond = settledSecond
    this.#names = names
  }

  /** Who was seen, those outside the audit too. */
  get names(): Pick<IdSet, 'size' | 'packed'> {
    return this.#names
  }

  /** Whether a row of that name was seen. */
  knows(name: string): boolean {
    return this.#names.has(name)
  }

  /** Makes room for so many rows, as far as a number is believed of which nothing was seen. */
  expect(rows: number): void {
    this.#names.reserve(Math.min(rows, MOST_EXPECTED))
  }

  /** Forgets who was seen, when nobody comes any more; what was counted stays. */
  close(): void {
    this.#names.clear()
    this.#isClosed = true
  }

  take({ rows, keys }: Answer<Row>): Taken<Row> {
    if (this.#isClosed)
      throw new TypeError('A page came when the register was closed: its rows would count twice')
    const fresh: Row[] = []
    const known = this.#names.size
    let lastKnown = -1
    this.tally.listed += rows.length
    rows.forEach((row, index) => {
      const key = keys[index] ?? NAMELESS
      if (!this.#names.add(nameOf(row, key))) {
        this.tally.duplicates += 1
        lastKnown = index
      } else if (this.#count(key)) fresh.push(row)
    })
    // Of most pages the first row alone is known, the last one of the page before: what comes twice is known the second time.
    const twice = lastKnown + 1 - distinct(rows.slice(0, lastKnown + 1), keys)
    return { fresh: new Batch(fresh), news: this.#names.size - known, twice }
  }

  /** Counts a row met for the first time; false where it lies outside the audit. */
  #count({ id, createdAt }: RowKey): boolean {
    const { tally } = this
    if (createdAt !== undefined) {
      const second = wholeSecond(createdAt)
      if (second < this.#settledSecond) tally.beforeSettledSecond += 1
      if (second === this.#settledSecond) tally.inSettledSecond += 1
      if (second > this.#settledSecond) tally.young += 1
      if (createdAt > this.#horizon) {
        tally.later += 1
        return false
      }
    }
    tally.distinct += 1
    if (createdAt === undefined) tally.undated += 1
    if (createdAt === undefined || id === undefined) tally.unreadable += 1
    return true
  }
}

function distinct<Row>(rows: readonly Row[], keys: readonly RowKey[]): number {
  return new Set(rows.map((row, index) => nameOf(row, keys[index] ?? NAMELESS))).size
}

/** What tells a row from others: its id, or all that it says where it has none (no id begins with a brace). */
export function nameOf<Row>(row: Row, key: RowKey): string {
  if (key.id !== undefined) return key.id
  refuseDeep(row)
  return JSON.stringify(row)
}
