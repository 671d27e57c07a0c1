import { UUID } from './find-backup.ts'
import type { WireInstance } from './fleet.ts'
import { refuseDcs } from './reply.ts'
import type { Project } from './state.ts'

/** The instance that a path names, or DCS's refusal. */
export function findInstance(project: Project, id = ''): WireInstance {
  const instance = project.instances.find((candidate) => candidate.instance_id === id)
  if (instance !== undefined) return instance
  if (!UUID.test(id)) throw refuseDcs(400, 'DCS.4061', 'The instance ID is malformed.')
  throw refuseDcs(404, 'DCS.3022', 'This DCS instance does not exist.')
}
