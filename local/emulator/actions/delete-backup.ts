import type { Action } from '../action.ts'
import { findBackup } from '../find-backup.ts'
import { describeOperation } from '../operation-log.ts'
import { answer, refuseCbr } from '../reply.ts'

/** `DELETE /backups/{id}`: 200 with `{}`, as recorded, where the documents say 204. */
export const deleteBackup: Action = {
  id: 'cbr.delete-backup',
  service: 'cbr',
  method: 'DELETE',
  path: '/v3/{project_id}/backups/{backup_id}',
  scope: 'project',
  run: ({ project, params, state, nowUs }) => {
    const backup = findBackup(project, params['backup_id'])
    const { status } = backup
    if (status === 'protecting' || status === 'waiting_protect')
      throw refuseCbr(400, '6203', `Backup ${backup.id} is being created.`)
    if (status !== 'available' && status !== 'error')
      throw refuseCbr(400, '6216', `Backup ${backup.id} is in use, its status is ${status}.`)
    project.backups.remove(String(backup.id))
    project.logs.push(describeOperation(backup, 'delete', state.dice.uuid(), nowUs))
    return answer({})
  },
}
