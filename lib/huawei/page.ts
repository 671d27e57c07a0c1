import * as z from 'zod/mini'
import { ask } from './answer.ts'
import { quantity } from './fields.ts'
import type { Send } from './http.ts'
import type { Page, Parameters } from './listing/listing.ts'
import type { ScanLog } from './scanning.ts'

/** A collection of one project: where it is, and what the keys of its answer are. */
export interface Collection {
  readonly send: Send
  readonly origin: string
  readonly path: string
  readonly projectId: string
  /** The key of the rows: `backups`, `backup_record_response`. */
  readonly rowsKey: string
  /** The key of the number of rows: `count`, `total_num`. */
  readonly countKey: string
  /** Whether a 204 means an empty list, as in DCS; in CBR it is an odd answer. */
  readonly isEmptyWhen204: boolean
}

/** Asks for one page of a collection and notes the call down; throws a Fault where the page is lost. */
export async function readPage(
  { send, origin, path, projectId, rowsKey, countKey, isEmptyWhen204 }: Collection,
  query: Parameters,
  log: ScanLog,
  signal?: AbortSignal,
): Promise<Page<unknown>> {
  log.requests += 1
  const request = { method: 'GET', origin, path, query, headers: { 'x-project-id': projectId } } as const
  const body = await ask(send, request, pageOf(rowsKey), {
    ...(signal === undefined ? {} : { signal }),
    ...(isEmptyWhen204 ? { whenEmpty: { [rowsKey]: [], [countKey]: 0 } } : {}),
  })
  log.answered = true
  const rows = body[rowsKey]
  return {
    rows: Array.isArray(rows) ? rows : [],
    count: quantity(body[countKey]),
    limit: quantity(body['limit']),
  }
}

const pages = new Map<string, z.ZodMiniType<Record<string, unknown>>>()

/** What a page with these rows is; made once, as making a schema takes ten times as long as reading a short page with it. */
function pageOf(rowsKey: string): z.ZodMiniType<Record<string, unknown>> {
  const page = pages.get(rowsKey) ?? z.looseObject({ [rowsKey]: z.array(z.unknown()) })
  pages.set(rowsKey, page)
  return page
}
