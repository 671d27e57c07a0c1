import type { Action, ProjectCall } from '../action.ts'
import { findInstance } from '../find-instance.ts'
import type { WireRecord } from '../fleet.ts'
import { cutPage, readPage } from '../page.ts'
import { REFUSE_PARAMETER } from '../query.ts'
import { answer, refuseDcs } from '../reply.ts'
import { parseStamp } from '../stamp.ts'

/** `GET /instances/{id}/backups`: newest first, ten at a time; 204 without a body where the instance has no records at all. */
export const listInstanceBackups: Action = {
  id: 'dcs.backups',
  service: 'dcs',
  method: 'GET',
  path: '/v2/{project_id}/instances/{instance_id}/backups',
  scope: 'project',
  run: (call) => {
    const instance = findInstance(call.project, call.params['instance_id'])
    const page = readPage(call.query, call.quirks, 10)
    const records = call.project.records[String(instance.instance_id)] ?? []
    const matching = newestFirst(records.filter(withinTimes(call)))
    if (matching.length === 0) return { status: 204 }
    const { rows, count } = cutPage(matching, page, call.quirks)
    return answer(`{"total_num":${count},"backup_record_response":[${rows.join(',')}]}`)
  },
}

function withinTimes({ query, quirks }: ProjectCall): (record: WireRecord) => boolean {
  const fromUs = readTime(query.text('begin_time'), 'begin_time')
  const toUs = readTime(query.text('end_time'), 'end_time')
  if (fromUs !== undefined && toUs !== undefined && toUs < fromUs)
    throw refuseDcs(400, 'DCS.4025', 'The end time is earlier than the start time.')
  if (quirks.ignoresFilter('') || (fromUs === undefined && toUs === undefined)) return () => true
  return (record) => {
    const us = parseStamp(record.created_at)
    return us !== undefined && us >= (fromUs ?? us) && us <= (toUs ?? us)
  }
}

/** DCS writes `yyyyMMddHHmmss`, in UTC. */
function readTime(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  const [, year, month, day, hour, minute, second] = match ?? []
  const us = parseStamp(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (us === undefined) throw REFUSE_PARAMETER.dcs(`${name} must look like 20170718235959`)
  return us
}

function newestFirst(records: readonly WireRecord[]): readonly WireRecord[] {
  return records
    .map((record) => ({ record, us: parseStamp(record.created_at) ?? 0 }))
    .sort((a, b) => b.us - a.us)
    .map(({ record }) => record)
}
