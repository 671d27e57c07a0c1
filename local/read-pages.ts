import * as z from 'zod/mini'
import type { HttpFunction, HttpResult } from '../lib/runtime/http.ts'
import type { QueryPair } from '../lib/runtime/http-event.ts'
import { type Call, callFunction } from './function-door.ts'

/** An object of Huawei of which nothing is believed yet. */
export type Row = Readonly<Record<string, unknown>>

/** A page as the function answered. */
export interface Page {
  /** Huawei's own words. */
  readonly body: string
  readonly rows: readonly unknown[]
  /** How many there are on all pages together, as far as Huawei says so. */
  readonly total: number | undefined
  /** The query of the page after it; undefined on the last. */
  readonly next: readonly QueryPair[] | undefined
}

/** Reads page after page, in the way that each names to the next. */
export async function* readPages(
  list: HttpFunction,
  call: Pick<Call, 'path' | 'query'>,
): AsyncGenerator<Page, void, undefined> {
  let query: readonly QueryPair[] | undefined = call.query
  while (query !== undefined) {
    const page = toPage(await callFunction(list, { method: 'GET', path: call.path, query }))
    yield page
    query = page.next
  }
}

/** A value as an object to look into; one that is none has nothing in it. */
export function toRow(value: unknown): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {}
}

const rows = z.array(z.unknown())
const bodySchema = z.object({
  backups: z.optional(rows),
  count: z.catch(z.optional(z.number()), undefined),
  backup_record_response: z.optional(rows),
  total_num: z.catch(z.optional(z.number()), undefined),
})

function toPage({ body, headers }: HttpResult): Page {
  const { backups, count, backup_record_response, total_num } = z.parse(bodySchema, JSON.parse(body))
  return {
    body,
    rows: backups ?? backup_record_response ?? [],
    total: count ?? total_num,
    next: nextOf(headers['link']),
  }
}

/** RFC 8288: `<path?query>; rel="next"`. */
function nextOf(link = ''): readonly QueryPair[] | undefined {
  const [, query] = /^<[^?>]*\?([^>]*)>; rel="next"$/.exec(link) ?? []
  return query === undefined ? undefined : [...new URLSearchParams(query)]
}
