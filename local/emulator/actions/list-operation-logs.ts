import type { Action, ProjectCall } from '../action.ts'
import type { Row } from '../backup-table.ts'
import type { Wire } from '../fleet.ts'
import { describeMaking } from '../operation-log.ts'
import { cutPage, readPage } from '../page.ts'
import { answer } from '../reply.ts'
import { selectBackups } from '../select-backups.ts'
import { parseStamp } from '../stamp.ts'
import { isWire } from '../vault-usage.ts'

/** `GET /operation-logs`: how each listed backup was made, and what was deleted; newest first. */
export const listOperationLogs: Action = {
  id: 'cbr.operation-logs',
  service: 'cbr',
  method: 'GET',
  path: '/v3/{project_id}/operation-logs',
  scope: 'project',
  run: (call) => {
    const page = readPage(call.query, call.quirks, 1000)
    const { rows, count } = cutPage(selectLogs(call), page, call.quirks)
    const tail = `"count":${count},"offset":${page.offset},"limit":${page.echo}`
    return answer(`{"operation_logs":[${rows.join(',')}],${tail}}`)
  },
}

const TYPES = [
  'backup',
  'copy',
  'replication',
  'restore',
  'delete',
  'sync',
  'vault_delete',
  'remove_resource',
]
const STATUSES = ['success', 'skipped', 'failed', 'running', 'timeout', 'waiting']

function selectLogs({ query, project }: ProjectCall): readonly Wire[] {
  const fromUs = query.time('start_time')
  const toUs = query.time('end_time')
  const type = query.choice('operation_type', TYPES)
  const status = query.choice('status', STATUSES)
  const vaultId = query.text('vault_id') ?? vaultIdOf(project, query.text('vault_name'))
  // The log of a backup's making is written from the backup when asked for: none is kept for each of a million.
  const made = selectBackups(project.backups, {
    fromUs,
    toUs,
    filters: vaultId === undefined ? [] : [({ wire }: Row) => wire.vault_id === vaultId],
    order: [{ key: 'created_at', descending: true }],
  })
  const logs = [
    ...project.logs.filter((log) => isWithin(log, fromUs, toUs)),
    ...made.slice(0, made.count).map(({ wire }) => describeMaking(wire)),
  ]
  const resource = { id: query.text('resource_id'), name: query.text('resource_name') }
  const providerId = query.text('provider_id')
  return logs.filter(
    (log) =>
      (type ?? log['operation_type']) === log['operation_type'] &&
      (status ?? log['status']) === log['status'] &&
      (vaultId ?? log['vault_id']) === log['vault_id'] &&
      (providerId ?? log['provider_id']) === log['provider_id'] &&
      isOf(log, resource),
  )
}

function vaultIdOf(project: ProjectCall['project'], name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  return String(project.vaults.find((vault) => vault['name'] === name)?.id ?? '')
}

function isWithin(log: Wire, fromUs: number | undefined, toUs: number | undefined): boolean {
  const us = parseStamp(log['created_at']) ?? 0
  return us >= (fromUs ?? us) && us <= (toUs ?? us)
}

function isOf(log: Wire, wanted: { readonly id: string | undefined; readonly name: string | undefined }) {
  const extra = isWire(log['extra_info']) ? log['extra_info'] : {}
  const resource = isWire(extra['resource']) ? extra['resource'] : {}
  return (
    (wanted.id ?? resource['id']) === resource['id'] && (wanted.name ?? resource['name']) === resource['name']
  )
}
