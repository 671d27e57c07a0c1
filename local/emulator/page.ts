import type { Quirks } from './faults.ts'
import type { Query } from './query.ts'

/** Which stretch of a list is asked for, and what the answer says of it. */
export interface Page {
  readonly offset: number
  /** Rows to send; a planted cap lowers it. */
  readonly size: number
  /** The limit that the answer echoes. */
  readonly echo: number
}

/** Reads `limit` (1 to 1000) and `offset`. */
export function readPage(query: Query, quirks: Quirks, defaultLimit: number): Page {
  const limit = query.integer('limit', { min: 1, max: 1000 }) ?? defaultLimit
  const size = Math.min(limit, quirks.limitCap ?? limit)
  return {
    offset: query.integer('offset', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? 0,
    size,
    echo: quirks.echoesCap ? size : limit,
  }
}

/** The rows of a page as JSON, and the total that the answer claims. */
export interface Cut {
  readonly rows: readonly string[]
  readonly count: number
}

/** Cuts a page out of a list that is held whole. */
export function cutPage(list: readonly unknown[], page: Page, quirks: Quirks): Cut {
  const rows = list.slice(page.offset, page.offset + page.size).map((row) => JSON.stringify(row))
  return finishPage(rows, list.length, quirks)
}

/** Bends a page as the planted faults ask. */
export function finishPage(rows: readonly string[], total: number, quirks: Quirks): Cut {
  const sent = quirks.reshape(rows)
  return { rows: sent, count: quirks.count === 'page' ? sent.length : Math.max(0, total + quirks.count) }
}
