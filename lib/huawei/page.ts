import * as z from 'zod/mini'
import { memoize } from '../memoize.ts'
import { readAnswer } from './answer.ts'
import { bodyOf, forget } from './body.ts'
import { quantity } from './fields.ts'
import type { Response } from './http.ts'
import type { Page, Parameters } from './listing/listing.ts'
import type { ProjectAccess } from './project-access.ts'
import type { Patterns } from './rows/patterns.ts'
import type { ScanLog } from './scanning.ts'

/** A collection of one project: where it is, and what the keys of its answer are. */
export interface Collection extends ProjectAccess {
  readonly path: string
  /** The key of the rows: `backups`, `backup_record_response`. */
  readonly rowsKey: string
  /** The key of the number of rows: `count`, `total_num`. */
  readonly countKey: string
  /** Whether a 204 means an empty list, as in DCS; in CBR it is an odd answer. */
  readonly isEmptyWhen204: boolean
  /** How its rows have been written so far, where there are many. */
  readonly patterns?: Patterns
}

/** What reading a page notes down. */
export type PageLog = Pick<ScanLog, 'requests' | 'answered' | 'note'>

const LOSSY = 'An answer held bytes that are not UTF-8; names and other texts show \ufffd in their place'

/** Asks for one page of a collection and notes the call down; throws a Fault where the page is lost. Of each row only what `read` makes of it is kept. */
export async function readPage<Row>(
  { send, origin, path, projectId, rowsKey, countKey, isEmptyWhen204, patterns }: Collection,
  query: Parameters,
  log: PageLog,
  read: (row: unknown) => Row,
  signal?: AbortSignal,
): Promise<Page<Row>> {
  log.requests += 1
  const request = {
    method: 'GET',
    origin,
    path,
    query,
    headers: { 'x-project-id': projectId },
    rows: { key: rowsKey, read, patterns },
  } as const
  const response = await send(request, signal)
  const whenEmpty = isEmptyWhen204 ? { [rowsKey]: [], [countKey]: 0 } : undefined
  const body = readAnswer(request, response, pageOf(rowsKey), whenEmpty)
  log.answered = true
  const rows = rowsOf(response, body[rowsKey], read, log)
  forget(response)
  return {
    rows,
    count: quantity(body[countKey]),
    limit: quantity(body['limit']),
  }
}

/** The rows, whether they were read while the page was parsed or are still as they came. */
function rowsOf<Row>(response: Response, listed: unknown, read: (row: unknown) => Row, log: PageLog): Row[] {
  const body = bodyOf(response)
  if (body.kind !== 'json') return []
  if (body.lossy) log.note(LOSSY)
  if (body.rows !== undefined) return body.rows as Row[]
  return Array.isArray(listed) ? listed.map(read) : []
}

/** What a page with these rows is; made once, as making a schema takes ten times as long as reading a short page with it. */
const pageOf = memoize<z.ZodMiniType<Record<string, unknown>>>((rowsKey) =>
  z.looseObject({ [rowsKey]: z.array(z.unknown()) }),
)
