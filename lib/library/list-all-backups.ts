import { collectionOf } from '../huawei/cbr-collection.ts'
import { CBR_LIST_QUERY } from '../huawei/cbr-list-query.ts'
import { listAll } from '../huawei/list-all.ts'
import type { RowKey } from '../huawei/listing/listing.ts'
import { readPage } from '../huawei/page.ts'
import { ScanLog } from '../huawei/scanning.ts'
import { type CbrBackup, cbrBackup } from '../huawei/shapes/cbr-backup.ts'
import { parseTime } from '../parse-time.ts'
import { fromEpochMs, minutes } from '../time.ts'
import type { Connection } from './connection.ts'
import { type Listing, listing } from './listing.ts'
import { type CbrBackupsQuery, toSendable } from './queries.ts'
import { type Reading, readRow } from './rows.ts'

/** Filters of a complete listing. Order, pages and times are its own affair: it lists along the time of creation. */
export interface AllBackupsQuery
  extends Omit<CbrBackupsQuery, 'limit' | 'offset' | 'marker' | 'sort' | 'start_time' | 'end_time'> {
  /** Backups created until then; now unless told. */
  readonly until?: Date
}

/** List calls under way at once. */
const CALLS_AT_ONCE = 8

/** Lists the backups of a project completely while they come and go, each once. */
export function listAllBackups(
  connection: Connection,
  { until, ...query }: AllBackupsQuery,
): Listing<CbrBackup> {
  const collection = collectionOf({ send: connection.send, ...connection.addressOf('cbr') }, 'backups')
  const filters = toSendable(query, CBR_LIST_QUERY)
  const log = new ScanLog()
  const told = listing(
    listAll<Reading<CbrBackup>>({
      fetchPage: ({ parameters }, signal) => {
        const read = (wire: unknown) => readRow(cbrBackup, wire)
        return readPage(collection, [...filters, ...parameters], log, read, signal)
      },
      keyOf,
      horizon: until === undefined ? connection.now() : fromEpochMs(until.getTime()),
      concurrency: CALLS_AT_ONCE,
    }),
    log.notes,
  )
  return until === undefined ? upToNow(told, connection) : told
}

const CORRECTED =
  'The clock of this machine was off, and corrected while the list was read, so that what was created lately may be missing; list again'

/** A list that ends at our own time is not proved whole where that jumped meanwhile. */
function upToNow<Row>(told: Listing<Row>, { now, nowMs }: Pick<Connection, 'now' | 'nowMs'>): Listing<Row> {
  const began = { at: now(), ms: nowMs() }
  const hasJumped = (): boolean => {
    const passed = (nowMs() - began.ms) * 1000
    return Math.abs(now() - began.at - passed) > minutes(1)
  }
  return {
    ...told,
    outcome: () => {
      const outcome = told.outcome()
      if (!hasJumped()) return outcome
      return { ...outcome, complete: false, incompleteBecause: [...outcome.incompleteBecause, CORRECTED] }
    },
  }
}

function keyOf({ row }: Reading<CbrBackup>): RowKey {
  return { id: row?.id, createdAt: row && parseTime(row.created_at) }
}
