import type { Action, Call } from '../action.ts'
import { at, parseBody } from '../json-body.ts'
import { type Refusal, refuseIam } from '../reply.ts'
import { formatIamTime } from '../stamp.ts'

/** `POST /v3.0/OS-CREDENTIAL/securitytokens`: an access key that lives 15 minutes to a day, by token or by agency. */
export const createTemporaryKey: Action = {
  id: 'iam.securitytokens',
  service: 'iam',
  method: 'POST',
  path: '/v3.0/OS-CREDENTIAL/securitytokens',
  scope: 'domain',
  run: (call) => {
    const { state, nowUs } = call
    const identity = at(parseBody(call.body, invalid)['auth'], 'identity')
    const methods = at(identity, 'methods')
    const method = Array.isArray(methods) ? String(methods[0]) : ''
    const projectId = scopeOf(call, method, identity)
    const expiresUs = nowUs + readSeconds(at(identity, method, 'duration_seconds')) * 1_000_000
    const access = `HSTEMULATED${state.dice.hex(8).toUpperCase()}`
    const secret = state.dice.hex(40)
    const securityToken = `emulator-${state.dice.hex(64)}`
    state.keys.set(access, { expiresUs, projectId, secret, securityToken })
    return {
      status: 201,
      body: {
        credential: { access, secret, securitytoken: securityToken, expires_at: formatIamTime(expiresUs) },
      },
    }
  },
}

function invalid(): Refusal {
  return refuseIam(400, 'Bad Request', 'The request body is invalid')
}

function scopeOf({ state, headers }: Call, method: string, identity: unknown): string | undefined {
  if (method === 'token') {
    const token = at(identity, 'token', 'id') ?? headers['x-auth-token']
    const grant = state.tokens.get(String(token ?? ''))
    if (grant === undefined) throw refuseIam(401, 'Unauthorized', 'The token is not valid.')
    return grant.projectId
  }
  const agency = at(identity, 'assume_role')
  const domain = at(agency, 'domain_name') ?? at(agency, 'domain_id')
  if (method !== 'assume_role' || typeof at(agency, 'agency_name') !== 'string' || domain === undefined)
    throw invalid()
  return undefined
}

function readSeconds(value: unknown): number {
  if (value === undefined) return 900
  if (typeof value === 'number' && Number.isInteger(value) && value >= 900 && value <= 86_400) return value
  throw refuseIam(400, 'Bad Request', 'duration_seconds must be an integer from 900 to 86400')
}
