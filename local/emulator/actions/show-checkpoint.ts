import type { Action } from '../action.ts'
import { UUID } from '../find-backup.ts'
import { answer, refuseCbr, refuseMalformedUrl } from '../reply.ts'

/** `GET /checkpoints/{id}`: a checkpoint that was made through this emulator. */
export const showCheckpoint: Action = {
  id: 'cbr.checkpoint',
  service: 'cbr',
  method: 'GET',
  path: '/v3/{project_id}/checkpoints/{checkpoint_id}',
  scope: 'project',
  run: ({ project, params: { checkpoint_id: id = '' } }) => {
    const checkpoint = project.checkpoints.get(id)
    if (checkpoint !== undefined) return answer({ checkpoint })
    if (!UUID.test(id)) throw refuseMalformedUrl()
    throw refuseCbr(404, '6217', `Checkpoint ${id} could not be found.`)
  },
}
