import type { STATUSES } from '../backup.ts'
import { Fault, type Mistake } from '../errors.ts'
import type { MEMBER_STATUSES, RESOURCE_TYPES } from '../huawei/cbr-list-query.ts'
import type { Request } from '../huawei/http.ts'
import type { ParameterTable } from '../huawei/parameter.ts'
import { readQuery } from '../runtime/query.ts'
import { formatSecond, fromEpochMs } from '../time.ts'

/** Every filter, order and page that `GET /v3/{project_id}/backups` knows. A Date is sent in whole seconds. */
export interface CbrBackupsQuery {
  /** For administrators; in the older document only. */
  readonly all_tenants?: boolean
  readonly checkpoint_id?: string
  readonly dec?: boolean
  readonly end_time?: string | Date
  /** A uuid, `0` (the default one) or `all_granted_eps`. */
  readonly enterprise_project_id?: string
  readonly image_type?: 'backup' | 'replication'
  /** Both kinds where it is left out, whatever the documents say. */
  readonly incremental?: boolean
  /** 1 to 1000; 1000 by default. */
  readonly limit?: number
  /** The id of the last row of the page before. */
  readonly marker?: string
  /** The documents disagree on the spelling. */
  readonly member_status?: (typeof MEMBER_STATUSES)[number]
  readonly name?: string
  readonly offset?: number
  readonly own_type?: 'private' | 'shared' | 'all_granted'
  readonly parent_id?: string
  readonly resource_az?: string
  readonly resource_id?: string
  readonly resource_name?: string
  readonly resource_type?: (typeof RESOURCE_TYPES)[number]
  /** False by default: without it there are no replication records. */
  readonly show_replication?: boolean
  /** Such as `created_at:asc,id:asc`; the keys are created_at, updated_at, name, status, protected_at, id. */
  readonly sort?: string
  readonly start_time?: string | Date
  /** One status, or several: a backup with any of them fits. */
  readonly status?: CbrStatus | readonly CbrStatus[]
  /** 1 to 100: backups in vaults that are used to at least that percentage. */
  readonly used_percent?: number
  readonly vault_id?: string
}

type CbrStatus = (typeof STATUSES.cbr)[number]

/** Every parameter of `GET /v2/{project_id}/instances/{instance_id}/backups`; times as ISO 8601 or as `20170718235959`, in UTC. */
export interface DcsRecordsQuery {
  readonly begin_time?: string | Date
  readonly end_time?: string | Date
  readonly limit?: number
  readonly offset?: number
}

/** A query as it is sent, checked by the table of its call; throws one Fault `invalid_request` that names every mistake. */
export function toSendable(query: object, table: ParameterTable): Request['query'] {
  const given = Object.entries(query).flatMap(([name, value]: [string, unknown]) =>
    toTexts(value).map((text) => [name, text] as const),
  )
  const mistakes: Mistake[] = []
  const { pairs } = readQuery({ query: given }, table, mistakes)
  if (mistakes.length > 0)
    throw new Fault('invalid_request', 'Cannot ask that: the query has mistakes', { mistakes })
  return pairs
}

function toTexts(value: unknown): readonly string[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value.map(String)
  if (!(value instanceof Date)) return [String(value)]
  return [Number.isNaN(value.getTime()) ? 'Invalid Date' : formatSecond(fromEpochMs(value.getTime()))]
}
