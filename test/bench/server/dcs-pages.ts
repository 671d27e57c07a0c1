import type { DcsFleet } from './dcs-fleet.ts'
import { type Answer, type Answers, listFrom, numberOf } from './page.ts'
import { type Rows, writtenRows } from './rows.ts'

/** As the documents have it: nothing at all where there are no records, or no more. */
const NOTHING: Answer = { status: 204, pieces: [] }

/** Answers what an audit asks of DCS, from rows that were written before. */
export function createDcsPages(fleet: DcsFleet, onProgress?: (done: number) => void): Answers {
  const instances = writtenRows(fleet.instances, (index) => fleet.writeInstance(index))
  const total = fleet.instances * fleet.recordsEach
  const records = writtenRows(total, (index) => fleet.writeRecord(index)).prepare(onProgress)
  return (path, query) => {
    if (path.endsWith('/instances')) return listFrom(instances, 'instances', 'instance_num', query)
    const id = /\/instances\/([^/]+)\/backups$/.exec(path)?.[1]
    return id === undefined ? undefined : listRecords(fleet, records, numberIn(id), query)
  }
}

function listRecords(
  { recordsEach }: DcsFleet,
  records: Rows,
  instance: number,
  query: URLSearchParams,
): Answer {
  const [offset, limit] = [numberOf(query, 'offset', 0), numberOf(query, 'limit', 10)]
  const sent = Math.max(0, Math.min(limit, recordsEach - offset))
  if (sent === 0) return NOTHING
  const rows = records.slice(instance * recordsEach + offset, sent)
  const head = `{"total_num":${recordsEach},"backup_record_response":[`
  return { status: 200, pieces: [Buffer.from(head), ...rows, Buffer.from(']}')] }
}

/** The number of the thing that has this id. */
function numberIn(id: string): number {
  return Number.parseInt(id.slice(-12), 16)
}
