import type { Action } from '../action.ts'
import { UUID } from '../find-backup.ts'
import { answer, refuseCbr, refuseMalformedUrl } from '../reply.ts'

/** `GET /vaults/{id}`: one vault. */
export const showVault: Action = {
  id: 'cbr.vault',
  service: 'cbr',
  method: 'GET',
  path: '/v3/{project_id}/vaults/{vault_id}',
  scope: 'project',
  run: ({ project, params: { vault_id: id = '' } }) => {
    const vault = project.vaults.find((candidate) => candidate.id === id)
    if (vault !== undefined) return answer({ vault })
    if (!UUID.test(id)) throw refuseMalformedUrl()
    throw refuseCbr(404, '6105', `Vault ${id} could not be found.`)
  },
}
