import type { Action, ProjectCall } from '../action.ts'
import type { WireInstance } from '../fleet.ts'
import { cutPage, readPage } from '../page.ts'
import { answer } from '../reply.ts'

/** `GET /instances`: ten at a time unless asked otherwise, which is how instances get missed. */
export const listInstances: Action = {
  id: 'dcs.instances',
  service: 'dcs',
  method: 'GET',
  path: '/v2/{project_id}/instances',
  scope: 'project',
  run: (call) => {
    const page = readPage(call.query, call.quirks, 10)
    const wanted = readFilter(call)
    const instances = call.quirks.ignoresFilter('')
      ? call.project.instances
      : call.project.instances.filter(wanted)
    const { rows, count } = cutPage(instances.map(withoutPolicy), page, call.quirks)
    return answer(`{"instance_num":${count},"instances":[${rows.join(',')}]}`)
  },
}

function readFilter({ query }: ProjectCall): (instance: WireInstance) => boolean {
  const statuses = query.text('status')?.split(',')
  const name = query.text('name')
  const exactly = query.flag('name_equal') ?? false
  const id = query.text('instance_id')
  const ip = query.text('ip')
  const capacity = query.text('capacity')
  const tags = query.text('tags')?.split(',')
  const withFailures = query.flag('include_failure') ?? false
  const withDeleted = query.flag('include_delete') ?? false
  return (instance) =>
    (statuses?.includes(String(instance.status)) ?? true) &&
    (name === undefined || (exactly ? instance['name'] === name : String(instance['name']).includes(name))) &&
    (id ?? instance.instance_id) === instance.instance_id &&
    (ip === undefined || String(instance['ip']).includes(ip)) &&
    (capacity ?? String(instance['capacity'])) === String(instance['capacity']) &&
    (tags?.every((tag) => JSON.stringify(instance['tags'] ?? []).includes(JSON.stringify(tag))) ?? true) &&
    (withFailures || instance.status !== 'CREATEFAILED') &&
    (withDeleted || instance.status !== 'DELETED')
}

function withoutPolicy({ instance_backup_policy: _, ...instance }: WireInstance): WireInstance {
  return instance
}
