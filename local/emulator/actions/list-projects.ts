import type { Action, Call } from '../action.ts'
import type { Wire } from '../fleet.ts'
import { REFUSE_PARAMETER } from '../query.ts'
import { answer } from '../reply.ts'

/** `GET /v3/projects`: the fleet's projects and `MOS`, which every account has; `page` and `per_page` only together. */
export const listProjects: Action = {
  id: 'iam.projects',
  service: 'iam',
  method: 'GET',
  path: '/v3/projects',
  scope: 'domain',
  run: (call) => {
    const { query, endpoint } = call
    const name = query.text('name')
    const page = query.integer('page', { min: 1, max: 1_000_000 })
    const perPage = query.integer('per_page', { min: 1, max: 5000 })
    if ((page === undefined) !== (perPage === undefined))
      throw REFUSE_PARAMETER.iam('page and per_page must be given together')
    const wantsEnabled = query.flag('enabled')
    const matching = describeProjects(call).filter(
      (project) =>
        (name ?? project['name']) === project['name'] &&
        (wantsEnabled ?? project['enabled']) === project['enabled'],
    )
    const start = ((page ?? 1) - 1) * (perPage ?? 0)
    const projects = perPage === undefined ? matching : matching.slice(start, start + perPage)
    return answer({ projects, links: links(`${endpoint}/v3/projects`) })
  },
}

const MOS = 'a0f2c1e34b5d4c6f8e7a9b0c1d2e3f40'

function describeProjects({ state, endpoint }: Call): readonly Wire[] {
  return [...state.projects, { id: MOS, name: 'MOS', enabled: true }].map(({ id, name, enabled }) => ({
    domain_id: state.domainId,
    is_domain: false,
    parent_id: state.domainId,
    name,
    description: '',
    links: links(`${endpoint}/v3/projects/${id}`),
    id,
    enabled,
  }))
}

function links(self: string): Wire {
  return { next: null, previous: null, self }
}
