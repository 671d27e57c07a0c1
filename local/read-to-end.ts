import type { HttpFunction } from '../lib/runtime/http.ts'
import type { QueryPair } from '../lib/runtime/http-event.ts'
import type { Call } from './function-door.ts'
import { type Page, type Patience, readPage, toRow } from './read-pages.ts'

/**
 * Reads page after page until nothing new comes behind the last: what a list calls its total may be capped, or be that of one page.
 * By marker the last page is one that is not full.
 */
export async function* readToEnd(
  list: HttpFunction,
  { path, query }: Pick<Call, 'path' | 'query'>,
  patience: Patience,
): AsyncGenerator<Page, void, undefined> {
  const ids = new Set<unknown>()
  const isNew = (row: unknown) => idOf(row) !== undefined && !ids.has(idOf(row))
  const isByMarker = query.some(([name]) => name === 'marker')
  let end = Number(query.find(([name]) => name === 'offset')?.[1] ?? 0)
  for (let page = await readPage(list, { path, query }, patience); ; ) {
    for (const row of page.rows) ids.add(idOf(row))
    end += page.rows.length
    if (page.next !== undefined) {
      yield page
      page = await readPage(list, { path, query: page.next }, patience)
      continue
    }
    const next = isByMarker || page.rows.length === 0 ? undefined : at(query, end)
    const behind = next && (await readPage(list, { path, query: next }, patience))
    // A list that moved shows its last rows again, and one that knows no positions all of them.
    if (behind === undefined || !behind.rows.some(isNew)) {
      yield page
      return
    }
    yield { ...page, next }
    page = behind
  }
}

function at(query: readonly QueryPair[], offset: number): readonly QueryPair[] {
  return [...query.filter(([name]) => name !== 'offset'), ['offset', String(offset)]]
}

function idOf(row: unknown): unknown {
  const { id, backup_id } = toRow(row)
  return id ?? backup_id
}
