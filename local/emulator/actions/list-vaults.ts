import type { Action, ProjectCall } from '../action.ts'
import type { WireVault } from '../fleet.ts'
import { cutPage, readPage } from '../page.ts'
import { answer } from '../reply.ts'
import { billingOf, resourcesOf, vaultIdsOf } from '../vault-usage.ts'

/** `GET /vaults`: filters of the documents, 1000 at a time. */
export const listVaults: Action = {
  id: 'cbr.vaults',
  service: 'cbr',
  method: 'GET',
  path: '/v3/{project_id}/vaults',
  scope: 'project',
  run: (call) => {
    const page = readPage(call.query, call.quirks, 1000)
    const wanted = readFilter(call)
    const vaults = call.quirks.ignoresFilter('') ? call.project.vaults : call.project.vaults.filter(wanted)
    const { rows, count } = cutPage(vaults, page, call.quirks)
    const tail = `"count":${count},"offset":${page.offset},"limit":${page.echo}`
    return answer(`{"vaults":[${rows.join(',')}],${tail}}`)
  },
}

const BILLING = ['cloud_type', 'object_type', 'protect_type', 'status'] as const

function readFilter({ query, project }: ProjectCall): (vault: WireVault) => boolean {
  const id = query.text('id')
  const name = query.text('name')
  const billing = BILLING.map((key) => [key, query.text(key)] as const)
  const enterpriseProjectId = query.text('enterprise_project_id')
  const resourceIds = query.texts('resource_ids').flatMap((value) => value.split(','))
  const bound = boundTo(project, query.text('policy_id'))
  return (vault) =>
    (id ?? vault.id) === vault.id &&
    (name ?? vault['name']) === vault['name'] &&
    billing.every(([key, wanted]) => (wanted ?? billingOf(vault)[key]) === billingOf(vault)[key]) &&
    (enterpriseProjectId === undefined ||
      enterpriseProjectId === 'all_granted_eps' ||
      String(vault['enterprise_project_id']) === enterpriseProjectId) &&
    (resourceIds.length === 0 ||
      resourcesOf(vault).some((resource) => resourceIds.includes(String(resource['id'])))) &&
    (bound?.has(vault.id) ?? true)
}

function boundTo(
  project: ProjectCall['project'],
  policyId: string | undefined,
): ReadonlySet<unknown> | undefined {
  if (policyId === undefined) return undefined
  const policy = project.policies.find(({ id }) => id === policyId)
  return new Set(policy === undefined ? [] : vaultIdsOf(policy))
}
