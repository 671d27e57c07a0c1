import type { Collection } from './page.ts'
import { pathTo } from './path.ts'
import type { ProjectAccess } from './project-access.ts'

/** One of the collections of CBR. */
export function collectionOf(access: ProjectAccess, name: 'vaults' | 'policies' | 'backups'): Collection {
  return {
    ...access,
    path: pathTo`/v3/${access.projectId}/${name}`,
    rowsKey: name,
    countKey: 'count',
    isEmptyWhen204: false,
  }
}
