import type { CbrFleet } from './cbr-fleet.ts'
import { type Answer, type Answers, listFrom, numberOf } from './page.ts'
import { type Rows, writtenRows } from './rows.ts'

const NO_POLICIES: Answer = { status: 200, pieces: [Buffer.from('{"policies":[],"count":0}')] }

/** Answers what an audit asks of CBR, from rows that were written before. */
export function createCbrPages(fleet: CbrFleet, onProgress?: (done: number) => void): Answers {
  const rising = writtenRows(fleet.backups, (index) => fleet.writeBackup(index)).prepare(onProgress)
  const falling = rising.reversed()
  const vaults = writtenRows(fleet.vaults, (index) => fleet.writeVault(index))
  return (path, query) => {
    if (path.endsWith('/backups')) return listBackups(fleet, rising, falling, query)
    if (path.endsWith('/vaults')) return listFrom(vaults, 'vaults', 'count', query)
    return path.endsWith('/policies') ? NO_POLICIES : undefined
  }
}

/** Both ends of a time filter are inside, in microseconds; the newest comes first unless asked otherwise. */
function listBackups(fleet: CbrFleet, rising: Rows, falling: Rows, query: URLSearchParams): Answer {
  const [first, last] = indexesWithin(fleet, query)
  const count = Math.max(0, last - first + 1)
  const [offset, limit] = [numberOf(query, 'offset', 0), numberOf(query, 'limit', 1000)]
  const sent = Math.max(0, Math.min(limit, count - offset))
  const rows =
    query.get('sort') === 'created_at:asc'
      ? rising.slice(first + offset, sent)
      : falling.slice(fleet.backups - 1 - last + offset, sent)
  const tail = `],"count":${count},"offset":${offset},"limit":${limit}}`
  return { status: 200, pieces: [Buffer.from('{"backups":['), ...rows, Buffer.from(tail)] }
}

/** The first and the last backup that the time filters leave. */
function indexesWithin(
  { backups, oldestUs, newestUs, stepUs }: CbrFleet,
  query: URLSearchParams,
): readonly [number, number] {
  const startUs = timeOf(query.get('start_time')) ?? oldestUs
  const endUs = timeOf(query.get('end_time')) ?? newestUs
  return [
    Math.max(0, Math.ceil((startUs - oldestUs) / stepUs)),
    Math.min(backups - 1, Math.floor((endUs - oldestUs) / stepUs)),
  ]
}

function timeOf(stamp: string | null): number | undefined {
  return stamp === null ? undefined : Date.parse(stamp) * 1000
}
