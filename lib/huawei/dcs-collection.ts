import type { Collection } from './page.ts'
import { pathTo } from './path.ts'
import type { ProjectAccess } from './project-access.ts'

/** The DCS instances of a project. */
export function instancesOf(access: ProjectAccess): Collection {
  return {
    ...access,
    path: pathTo`/v2/${access.projectId}/instances`,
    rowsKey: 'instances',
    countKey: 'instance_num',
    isEmptyWhen204: false,
  }
}

/** The backup records of a DCS instance. */
export function recordsOf(access: ProjectAccess, instanceId: string): Collection {
  return {
    ...access,
    path: pathTo`/v2/${access.projectId}/instances/${instanceId}/backups`,
    rowsKey: 'backup_record_response',
    countKey: 'total_num',
    isEmptyWhen204: true,
  }
}
