import type { Mistake } from '../errors.ts'
import {
  type BackupPage,
  cbrPageRequest,
  dcsPageRequest,
  type ProjectAddress,
  readCbrPage,
  readDcsPage,
} from '../huawei/backup-page.ts'
import { CBR_LIST_QUERY } from '../huawei/cbr-list-query.ts'
import { DCS_LIST_QUERY } from '../huawei/dcs-list-query.ts'
import type { Request, Response } from '../huawei/http.ts'
import type { ParameterTable } from '../huawei/parameter.ts'
import { redacted } from '../huawei/redact.ts'
import { isUuid } from '../request-values.ts'
import { accept } from './accept.ts'
import { addressOf } from './address.ts'
import type { Answer, HttpRequest } from './http.ts'
import type { PlaceServices } from './place.ts'
import { redactedText } from './redacted-input.ts'

/** A list of backups that can be asked for page by page. */
export interface BackupList {
  readonly service: 'cbr' | 'dcs'
  /** Every parameter that it takes, besides region and project. */
  readonly table: ParameterTable
  readonly request: (address: ProjectAddress, query: Request['query'], instanceId: string) => Request
  readonly read: (request: Request, response: Response) => BackupPage
}

/** The backups of a CBR project. */
export const CBR_BACKUPS: BackupList = {
  service: 'cbr',
  table: CBR_LIST_QUERY,
  request: cbrPageRequest,
  read: readCbrPage,
}

/** The backup records of a DCS instance. */
export const DCS_BACKUPS: BackupList = {
  service: 'dcs',
  table: DCS_LIST_QUERY,
  request: (address, query, instanceId) => dcsPageRequest(address, instanceId, query),
  read: readDcsPage,
}

/** Answers with the page that a request asks for, in Huawei's own words, and the way to the page after it. */
export async function answerPage(
  services: PlaceServices,
  list: BackupList,
  request: HttpRequest,
): Promise<Answer> {
  const { place, query } = await accept(services, request, list.table, (mistakes) =>
    requireInstanceId(request.params['instance_id'], mistakes),
  )
  const asked = list.request(
    addressOf(services, list.service, place),
    query.pairs,
    request.params['instance_id'] ?? '',
  )
  const response = await services.sendTo(place.region)(asked, request.signal)
  const huaweiRequestId = response.headers['x-request-id']
  if (huaweiRequestId !== undefined) request.note({ huawei_request_id: redacted(huaweiRequestId, 64) })
  const { body, next } = list.read(asked, response)
  return { status: 200, headers: linkTo(request, next), body }
}

/** Says in the mistakes what is wrong with the id of an instance; one that is not asked for is right. */
export function requireInstanceId(id: string | undefined, mistakes: Mistake[]): void {
  if (id !== undefined && !isUuid(id))
    mistakes.push({
      pointer: '/path/instance_id',
      detail: `found ${redactedText(id)}, allowed is a uuid`,
    })
}

/** RFC 8288; everything else that the caller asked for stays as it was written. */
function linkTo(request: HttpRequest, next: BackupPage['next']): Readonly<Record<string, string>> {
  if (next === undefined) return {}
  const kept = request.query.filter(([name]) => name !== next.name && name !== 'offset')
  const query = [...kept, [next.name, next.value] as const]
    .map(([name, value = '']) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
  return { link: `<${request.path}?${query}>; rel="next"` }
}
