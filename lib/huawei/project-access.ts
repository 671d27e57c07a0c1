import type { Target } from '../backup.ts'
import type { ProjectAddress } from './backup-page.ts'
import type { Send } from './http.ts'

/** Where a service of one project is, and the way to it. */
export interface ProjectAccess extends ProjectAddress {
  readonly send: Send
}

/** The same where an audit names the project. */
export interface TargetAccess extends Omit<ProjectAccess, 'projectId'> {
  readonly target: Target
}

/** The way to the service of a target. */
export function accessTo({ target, origin, send }: TargetAccess): ProjectAccess {
  return { send, origin, projectId: target.projectId }
}
