import type { Action, ProjectCall } from '../action.ts'
import { findInstance } from '../find-instance.ts'
import type { Wire, WireInstance, WireRecord } from '../fleet.ts'
import { parseBody } from '../json-body.ts'
import { answer, Refusal, refuseDcs } from '../reply.ts'
import { formatZulu } from '../stamp.ts'
import { nameRecord, writeRecord } from '../write-instance.ts'

/** `POST /instances/{id}/backups`: a record at once, `backuping`; it succeeds after `checkpointMs`. */
export const createInstanceBackup: Action = {
  id: 'dcs.create-backup',
  service: 'dcs',
  method: 'POST',
  path: '/v2/{project_id}/instances/{instance_id}/backups',
  scope: 'project',
  run: (call) => {
    const { project, params } = call
    const instance = findInstance(project, params['instance_id'])
    const instanceId = String(instance.instance_id)
    const records = project.records[instanceId] ?? []
    checkReady(instance, records)
    const record = startRecord(call, instanceId, readOrder(call.body))
    project.records[instanceId] = [record, ...records]
    finishLater(call, record)
    return answer({ backup_id: record.backup_id })
  },
}

/** Ends the request where DCS would start no backup now. */
function checkReady(instance: WireInstance, records: readonly WireRecord[]): void {
  if (instance.cache_mode === 'single') throw refuseSingleNode()
  if (instance.status !== 'RUNNING')
    throw refuseDcs(400, 'DCS.4049', 'The instance is not running. Try again later.')
  if (records.some(({ status }) => status === 'backuping'))
    throw refuseDcs(400, 'DCS.4017', 'Another job of the instance is running.')
}

function startRecord({ state, nowUs }: ProjectCall, instanceId: string, order: Wire): WireRecord {
  return writeRecord({
    id: state.dice.uuid(),
    instanceId,
    status: 'backuping',
    createdAt: formatZulu(nowUs),
    updatedAt: formatZulu(nowUs),
    name: nameRecord(nowUs),
    sizeBytes: 0,
    automatic: false,
    restorable: false,
    period: null,
    errorCode: null,
    ...(typeof order['backup_format'] === 'string' && { format: order['backup_format'] }),
    ...(typeof order['remark'] === 'string' && { remark: order['remark'] }),
  })
}

function finishLater({ state, nowUs, quirks }: ProjectCall, record: WireRecord): void {
  const dueUs = nowUs + state.timings.checkpointMs * 1000
  state.later(dueUs, () => {
    Object.assign(record, quirks.fails ? FAILED : SUCCEEDED, { updated_at: formatZulu(dueUs) })
  })
}

const SUCCEEDED = {
  status: 'succeed',
  progress: '100.00',
  is_support_restore: 'TRUE',
  size: 880_232,
} as const
const FAILED = { status: 'failed', progress: '100.00', error_code: 'dcs.08.0002' } as const

function readOrder(body: string): Wire {
  if (body === '') throw refuseDcs(400, 'DCS.4004', 'The request body is empty.')
  return parseBody(body, () => refuseDcs(400, 'DCS.4005', 'The request body is not valid JSON.'))
}

/** The older error form, which v2 answers here too. */
function refuseSingleNode(): Refusal {
  const message = 'only master standby instance is support this action'
  return new Refusal({ status: 400, body: { error: { code: '111400086', message, ext_message: null } } })
}
