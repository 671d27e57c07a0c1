import type { Action } from '../action.ts'
import { findBackup } from '../find-backup.ts'
import { answer } from '../reply.ts'

/** `GET /backups/{id}`: one backup, with its replication records. */
export const showBackup: Action = {
  id: 'cbr.backup',
  service: 'cbr',
  method: 'GET',
  path: '/v3/{project_id}/backups/{backup_id}',
  scope: 'project',
  run: ({ project, params }) => answer({ backup: findBackup(project, params['backup_id']) }),
}
