import type { WireBackup } from './fleet.ts'
import { refuseCbr, refuseMalformedUrl } from './reply.ts'
import type { Project } from './state.ts'

/** What an id of Huawei looks like. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The backup that a path names; refuses in the two ways of CBR: not an id (401!), or no such backup. */
export function findBackup(project: Project, id = ''): WireBackup {
  const backup = project.backups.find(id)
  if (backup !== undefined) return backup
  if (!UUID.test(id)) throw refuseMalformedUrl()
  throw refuseCbr(404, '6200', `Backup ${id} could not be found.`)
}
