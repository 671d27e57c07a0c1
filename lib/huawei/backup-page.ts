import * as z from 'zod/mini'
import { readAnswer } from './answer.ts'
import { asWire, quantity, text } from './fields.ts'
import type { Request, Response } from './http.ts'
import { pathTo } from './path.ts'

/** Where in Huawei a call goes. */
export interface ProjectAddress {
  readonly origin: string
  readonly projectId: string
}

type Query = Request['query']

/** One page of a list, as Huawei wrote it. */
export interface BackupPage {
  /** The body, untouched. */
  readonly body: string
  /** What to change in the query to get the page after it; undefined where there is none. */
  readonly next: { readonly name: 'offset' | 'marker'; readonly value: string } | undefined
}

/** What both services mean by an empty list of records; DCS says it with 204 and no body. */
export const NO_RECORDS = { total_num: 0, backup_record_response: [] }

/** `limit` where nobody says it: CBR documents it, DCS only in its v1. */
const DEFAULT_LIMIT = { cbr: 1000, dcs: 10 } as const

/** A page of CBR, of whose rows nothing is believed yet. */
export const cbrPage = z.looseObject({ backups: z.array(z.unknown()) })

const dcsPage = z.looseObject({ backup_record_response: z.array(z.unknown()) })

/** Asks CBR for a page of backups. */
export function cbrPageRequest({ origin, projectId }: ProjectAddress, query: Query): Request {
  return {
    method: 'GET',
    origin,
    path: pathTo`/v3/${projectId}/backups`,
    query,
    headers: headersFor(projectId),
  }
}

/** Asks DCS for a page of the backup records of an instance. */
export function dcsPageRequest(
  { origin, projectId }: ProjectAddress,
  instanceId: string,
  query: Query,
): Request {
  const path = pathTo`/v2/${projectId}/instances/${instanceId}/backups`
  return { method: 'GET', origin, path, query, headers: headersFor(projectId) }
}

/** Reads a page of CBR: by position until its end is that of the list by `count`, by marker as long as pages are full. */
export function readCbrPage(request: Request, response: Response): BackupPage {
  const { backups: rows, count, limit } = readAnswer(request, response, cbrPage)
  const body = response.body.toString('utf8')
  if (request.query.some(([name]) => name === 'marker')) {
    const isFull = rows.length >= (quantity(limit) ?? asked(request, 'limit') ?? DEFAULT_LIMIT.cbr)
    const lastId = text(asWire(rows.at(-1))?.['id'])
    return { body, next: isFull && lastId !== undefined ? { name: 'marker', value: lastId } : undefined }
  }
  const end = (asked(request, 'offset') ?? 0) + rows.length
  return { body, next: nextOffset(rows, end, end !== quantity(count)) }
}

/**
 * Reads a page of DCS. `total_num` may be the number of all records or of those sent: where it is that of the rows, a
 * full page means that there may be more.
 */
export function readDcsPage(request: Request, response: Response): BackupPage {
  const page = readAnswer<z.infer<typeof dcsPage>>(request, response, dcsPage, NO_RECORDS)
  const rows = page.backup_record_response
  const end = (asked(request, 'offset') ?? 0) + rows.length
  const total = quantity(page['total_num'])
  const isFull = rows.length >= (asked(request, 'limit') ?? DEFAULT_LIMIT.dcs)
  const body = response.body.length === 0 ? JSON.stringify(NO_RECORDS) : response.body.toString('utf8')
  return { body, next: nextOffset(rows, end, total === rows.length ? isFull : end !== total) }
}

/** The cursor follows what was received, never what was asked for. A total that is missing, or less than came, ends nothing; an empty page does in any case. */
function nextOffset(rows: readonly unknown[], end: number, hasMore: boolean): BackupPage['next'] {
  return rows.length > 0 && hasMore ? { name: 'offset', value: String(end) } : undefined
}

function asked({ query }: Request, name: string): number | undefined {
  return quantity(query.find(([key]) => key === name)?.[1])
}

function headersFor(projectId: string): Request['headers'] {
  return { 'x-project-id': projectId }
}
