import type { Action } from '../action.ts'
import { cutPage, readPage } from '../page.ts'
import { answer } from '../reply.ts'
import { vaultIdsOf } from '../vault-usage.ts'

/** `GET /policies`: by operation type and by the vault that carries them. */
export const listPolicies: Action = {
  id: 'cbr.policies',
  service: 'cbr',
  method: 'GET',
  path: '/v3/{project_id}/policies',
  scope: 'project',
  run: ({ project, query, quirks }) => {
    const type = query.choice('operation_type', ['backup', 'replication'])
    const vaultId = query.text('vault_id')
    const policies = project.policies.filter(
      (policy) =>
        (type ?? policy.operation_type) === policy.operation_type &&
        (vaultId === undefined || vaultIdsOf(policy).includes(vaultId)),
    )
    const page = readPage(query, quirks, 1000)
    const { rows, count } = cutPage(policies, page, quirks)
    return answer(
      `{"policies":[${rows.join(',')}],"count":${count},"limit":${page.echo},"offset":${page.offset}}`,
    )
  },
}
