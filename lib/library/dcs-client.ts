import * as z from 'zod/mini'
import { readAnswer } from '../huawei/answer.ts'
import { dcsPageRequest, NO_RECORDS, readDcsPage } from '../huawei/backup-page.ts'
import { instancesOf, recordsOf } from '../huawei/dcs-collection.ts'
import { DCS_LIST_QUERY } from '../huawei/dcs-list-query.ts'
import { type DcsInstance, dcsInstance } from '../huawei/shapes/dcs-instance.ts'
import { type DcsRecord, dcsRecord, dcsRecordPage } from '../huawei/shapes/dcs-record.ts'
import type { CallOptions, Connection } from './connection.ts'
import { listCollection } from './list-collection.ts'
import type { Listing } from './listing.ts'
import { type DcsRecordsQuery, toSendable } from './queries.ts'
import { readRows, type UnreadableRow } from './rows.ts'

/** One page of backup records. */
export interface DcsRecordsPage {
  readonly records: readonly DcsRecord[]
  readonly unreadable: readonly UnreadableRow[]
  /** `total_num`: of all records, or of those of this page; Huawei's documents leave that open. */
  readonly total: number | undefined
  /** The query of the page after this one; undefined where there is none. */
  readonly next: DcsRecordsQuery | undefined
}

/** DCS of one project. Every call throws a Fault that says what Huawei answered and what to do about it. */
export interface DcsClient {
  readonly listInstances: () => Listing<DcsInstance>
  /** One page; of 10 rows unless told. */
  readonly listRecords: (
    instanceId: string,
    query?: DcsRecordsQuery,
    options?: CallOptions,
  ) => Promise<DcsRecordsPage>
  /** Every backup record of an instance, each once: ask `outcome()` afterwards. */
  readonly listAllRecords: (instanceId: string) => Listing<DcsRecord>
}

/** The DCS client of a project. */
export function dcsClient(connection: Connection): DcsClient {
  return {
    listInstances: () => listCollection(typedInstances(connection)),
    listRecords: (instanceId, query = {}, options = {}) => readPage(connection, instanceId, query, options),
    listAllRecords: (instanceId) => listCollection(typedRecords(connection, instanceId)),
  }
}

const envelope = z.looseObject({
  backup_record_response: z.array(z.unknown()),
  total_num: dcsRecordPage.shape.total_num,
})

async function readPage(
  { send, addressOf }: Connection,
  instanceId: string,
  query: DcsRecordsQuery,
  { signal }: CallOptions,
): Promise<DcsRecordsPage> {
  const request = dcsPageRequest(addressOf('dcs'), instanceId, toSendable(query, DCS_LIST_QUERY))
  const response = await send(request, signal)
  const { next } = readDcsPage(request, response)
  const page = readAnswer<z.output<typeof envelope>>(request, response, envelope, NO_RECORDS)
  const { rows, unreadable } = readRows(dcsRecord, page.backup_record_response)
  const total = page.total_num ?? undefined
  return { records: rows, unreadable, total, next: next && { ...query, offset: Number(next.value) } }
}

function typedInstances({ send, addressOf }: Connection) {
  return {
    ...instancesOf({ send, ...addressOf('dcs') }),
    row: dcsInstance,
    idOf: ({ instance_id }: DcsInstance) => instance_id,
  }
}

function typedRecords({ send, addressOf }: Connection, instanceId: string) {
  return {
    ...recordsOf({ send, ...addressOf('dcs') }, instanceId),
    row: dcsRecord,
    idOf: ({ backup_id }: DcsRecord) => backup_id,
  }
}
