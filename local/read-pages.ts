import * as z from 'zod/mini'
import { Fault } from '../lib/errors.ts'
import { isJsonObject, type JsonObject } from '../lib/json-object.ts'
import type { HttpFunction, HttpResult } from '../lib/runtime/http.ts'
import type { QueryPair } from '../lib/runtime/http-event.ts'
import { type Call, callFunction } from './function-door.ts'

/** An object of Huawei of which nothing is believed yet. */
export type Row = JsonObject

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

/** What to do where Huawei allows no more calls for longer than one call of a function may wait. */
export interface Patience {
  /** How long to wait for one page, all in all. */
  readonly mostMs: number
  readonly pause: (ms: number) => Promise<unknown>
}

const NO_PATIENCE: Patience = { mostMs: 0, pause: async () => {} }

/** Reads page after page, in the way that each names to the next. */
export async function* readPages(
  list: HttpFunction,
  { path, query }: Pick<Call, 'path' | 'query'>,
  patience = NO_PATIENCE,
): AsyncGenerator<Page, void, undefined> {
  let due: readonly QueryPair[] | undefined = query
  while (due !== undefined) {
    const page = await readPage(list, { path, query: due }, patience)
    yield page
    due = page.next
  }
}

/** Reads one page. */
export async function readPage(
  list: HttpFunction,
  { path, query }: Pick<Call, 'path' | 'query'>,
  patience: Patience,
): Promise<Page> {
  return toPage(await callPatiently(list, { method: 'GET', path, query }, patience))
}

/** Where the function cannot say when another try makes sense. */
const USUAL_PAUSE_MS = 5000

async function callPatiently(list: HttpFunction, call: Call, patience: Patience): Promise<HttpResult> {
  for (let leftMs = patience.mostMs; ; ) {
    try {
      return await callFunction(list, call)
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'upstream_throttled') throw error
      const pauseMs = error.retryAfterMs ?? USUAL_PAUSE_MS
      leftMs -= pauseMs
      if (leftMs < 0) throw error
      await patience.pause(pauseMs)
    }
  }
}

/** A value as an object to look into; one that is none has nothing in it. */
export function toRow(value: unknown): Row {
  return isJsonObject(value) ? value : {}
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
