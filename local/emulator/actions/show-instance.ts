import type { Action } from '../action.ts'
import { findInstance } from '../find-instance.ts'
import { answer } from '../reply.ts'

/** `GET /instances/{id}`: one instance, with its backup policy. */
export const showInstance: Action = {
  id: 'dcs.instance',
  service: 'dcs',
  method: 'GET',
  path: '/v2/{project_id}/instances/{instance_id}',
  scope: 'project',
  run: ({ project, params }) => answer(findInstance(project, params['instance_id'])),
}
