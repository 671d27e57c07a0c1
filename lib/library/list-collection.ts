import type * as z from 'zod/mini'
import { listPages } from '../huawei/list-pages.ts'
import { type Collection, readPage } from '../huawei/page.ts'
import { ScanLog } from '../huawei/scanning.ts'
import { type Listing, listing } from './listing.ts'
import { type Reading, readRow } from './rows.ts'

/** A short collection, and what a row of it is. */
export interface TypedCollection<Row> extends Collection {
  readonly row: z.ZodMiniType<Row>
  readonly idOf: (row: Row) => string
}

/** Reads a short collection whole, each row once: vaults, instances, the records of an instance. */
export function listCollection<Row>(typed: TypedCollection<Row>): Listing<Row> {
  const { row: schema, idOf, ...collection } = typed
  const log = new ScanLog()
  return listing(
    listPages<Reading<Row>>({
      fetchPage: ({ parameters }, signal) => {
        const read = (wire: unknown) => readRow(schema, wire)
        return readPage(collection, parameters, log, read, signal)
      },
      idOf: ({ row }) => (row === undefined ? undefined : idOf(row)),
    }),
    log.notes,
  )
}
