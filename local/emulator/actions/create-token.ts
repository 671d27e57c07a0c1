import type { Action, Call } from '../action.ts'
import type { Wire } from '../fleet.ts'
import { at, parseBody } from '../json-body.ts'
import { refuseIam } from '../reply.ts'
import { formatIamTime } from '../stamp.ts'
import type { Project } from '../state.ts'

/** `POST /v3/auth/tokens` with a password: 201, the token in the header `X-Subject-Token`; it lives 24 hours. */
export const createToken: Action = {
  id: 'iam.tokens',
  service: 'iam',
  method: 'POST',
  path: '/v3/auth/tokens',
  scope: 'open',
  run: (call) => {
    const { state, credentials, nowUs } = call
    const auth = parseBody(call.body, invalid)['auth']
    const user = at(auth, 'identity', 'password', 'user')
    const methods = at(auth, 'identity', 'methods')
    if (!Array.isArray(methods) || !methods.includes('password')) throw invalid()
    if (
      at(user, 'name') !== credentials.username ||
      at(user, 'password') !== credentials.password ||
      at(user, 'domain', 'name') !== credentials.domain_name
    )
      throw refuseIam(401, 'Unauthorized', 'The username or password is wrong.')
    const project = findScope(call, auth)
    const expiresUs = nowUs + DAY_US
    const token = `MIIemulator${state.dice.hex(128)}`
    state.tokens.set(token, { expiresUs, projectId: project?.id })
    return {
      status: 201,
      body: { token: describeToken(call, project, expiresUs) },
      headers: { 'X-Subject-Token': token },
    }
  },
}

const DAY_US = 86_400_000_000

function invalid() {
  return refuseIam(400, 'Bad Request', 'The request body is invalid')
}

function findScope({ state }: Call, auth: unknown): Project | undefined {
  const scope = at(auth, 'scope', 'project')
  if (scope === undefined) return undefined
  const project = state.projects.find(({ id, name }) => at(scope, 'id') === id || at(scope, 'name') === name)
  if (project === undefined) throw refuseIam(400, 'Bad Request', 'The project of the scope does not exist.')
  return project
}

function describeToken(
  { state, credentials, nowUs }: Call,
  project: Project | undefined,
  expiresUs: number,
): Wire {
  const domain = { id: state.domainId, name: credentials.domain_name }
  return {
    expires_at: formatIamTime(expiresUs),
    issued_at: formatIamTime(nowUs),
    methods: ['password'],
    catalog: [],
    roles: [{ id: '0', name: 'te_admin' }],
    ...(project === undefined ? { domain } : { project: { id: project.id, name: project.name, domain } }),
    user: {
      id: '658345a2dbeb46e69220a04a455a4fb1',
      name: credentials.username,
      domain,
      password_expires_at: '',
    },
  }
}
