import type { Action, ProjectCall } from '../action.ts'
import { readBackupCriteria } from '../backup-criteria.ts'
import type { WireBackup } from '../fleet.ts'
import { finishPage, readPage } from '../page.ts'
import { answer, refuseCbr } from '../reply.ts'
import { type Selection, selectBackups } from '../select-backups.ts'

/** `GET /backups`: every parameter of the documents, all combined; newest first, 1000 at a time. */
export const listBackups: Action = {
  id: 'cbr.backups',
  service: 'cbr',
  method: 'GET',
  path: '/v3/{project_id}/backups',
  scope: 'project',
  run: (call) => {
    const page = readPage(call.query, call.quirks, 1000)
    const showsReplication = call.query.flag('show_replication') ?? false
    const selection = selectBackups(call.project.backups, readBackupCriteria(call))
    const start = startAfter(call, selection) + page.offset
    const rows = selection
      .slice(start, start + page.size)
      .map(({ wire }) => JSON.stringify(showsReplication ? wire : withoutRecords(wire)))
    const { rows: sent, count } = finishPage(rows, selection.count, call.quirks)
    const tail = `"count":${count},"offset":${page.offset},"limit":${page.echo}`
    return answer(`{"backups":[${sent.join(',')}],${tail}}`)
  },
}

/** Where the page begins that follows the marker. What Huawei answers to a marker that is gone is not known; 404 is the worse of the two guesses. */
function startAfter({ query }: ProjectCall, selection: Selection): number {
  const marker = query.text('marker')
  if (marker === undefined) return 0
  const position = selection.indexOf(marker)
  if (position < 0) throw refuseCbr(404, '6200', `Marker ${marker} could not be found.`)
  return position + 1
}

/** Without `show_replication=true` the list stays, but empty, as the paging example of 2024-05 prints it. */
function withoutRecords(wire: WireBackup): WireBackup {
  const records = wire.replication_records
  return Array.isArray(records) && records.length > 0 ? { ...wire, replication_records: [] } : wire
}
