import type { Action, Call, Credentials } from './action.ts'
import { ACTIONS } from './actions.ts'
import { authenticate, refuse, refuseExpired } from './authenticate.ts'
import type { AnswerName, PlantedFault } from './fault-spec.ts'
import type { Strike, Struck } from './faults.ts'
import { decode, REFUSE_PARAMETER, readQuery, splitQuery } from './query.ts'
import type { Take } from './rate.ts'
import { Refusal, type Reply, refuseAtGateway, refuseCbr, refuseDcs, refuseMalformedUrl } from './reply.ts'
import { findRoute, type Route } from './route.ts'
import type { Project, State } from './state.ts'

/** A request as it came over the wire, whole. */
export interface Received {
  readonly method: string
  /** Still encoded. */
  readonly path: string
  /** Still encoded, without `?`. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What is done to the connection instead of, or with, an answer. */
export type Damage = 'reset' | 'hang' | 'truncate'

/** What happens to a request. */
export interface Outcome {
  readonly reply: Reply
  readonly damage: Damage | undefined
  readonly latencyMs: number
}

/** What the front door needs to know of its house. */
export interface House {
  readonly state: State
  readonly credentials: Credentials
  readonly strike: Strike
  readonly take: Take
  readonly rate: number | undefined
  readonly endpoint: string
}

/** Answers a request: finds the API, lets planted faults strike, checks who asks and how often, and hands over to the action. */
export function answerRequest(house: House, received: Received, nowUs: number): Outcome {
  house.state.settle(nowUs)
  const route = findRoute(ACTIONS, received.method, received.path)
  if (route === undefined)
    return untouched(
      refuseAtGateway(
        404,
        'APIGW.0101',
        'The API does not exist or has not been published in the environment',
      ).reply,
    )
  const struck = house.strike(targetOf(house.state, route, received))
  const run = () => runRefusable(() => enter(house, received, route, struck, nowUs))
  const [fault] = struck.answers
  if (fault === undefined) return { ...untouched(run()), latencyMs: struck.latencyMs }
  return { ...strikeAnswer(fault, run, received, nowUs), latencyMs: struck.latencyMs }
}

function enter(house: House, received: Received, route: Route, struck: Struck, nowUs: number): Reply {
  const { state, credentials, endpoint } = house
  const { action, params } = route
  const query = splitQuery(received.query)
  const signable = { ...received, path: decode(received.path), query }
  const reach = action.scope === 'open' ? undefined : authenticate(signable, state, credentials, nowUs)
  if (!house.take()) throw refuseTooMany(house.rate ?? 0)
  const call: Call = {
    state,
    params,
    query: readQuery(query, REFUSE_PARAMETER[action.service]),
    headers: received.headers,
    body: received.body,
    endpoint,
    credentials,
    nowUs,
    quirks: struck.quirks,
  }
  if (action.scope !== 'project') return action.run(call)
  return action.run({
    ...call,
    project: findProject(state, action, params['project_id'] ?? '', reach?.projectId),
  })
}

function findProject(state: State, action: Action, id: string, reach: string | undefined): Project {
  const isDcs = action.service === 'dcs'
  const project = state.project(id)
  if (project === undefined && !/^[0-9a-f]{32}$/.test(id))
    throw isDcs ? refuseDcs(400, 'DCS.4002', 'The project ID is malformed.') : refuseMalformedUrl()
  if (project !== undefined && (reach === undefined || reach === id)) return project
  if (isDcs) throw refuseDcs(403, 'DCS.2003', 'The role has no permission for this project.')
  throw refuseCbr(403, '8600', `You have no permission for project ${id}.`)
}

/** The limit stands in the text alone: no source shows a Retry-After header. */
function refuseTooMany(rate: number): Refusal {
  const policy = `policy user over ratelimit,limit:${rate},time:1 second`
  return refuseAtGateway(429, 'APIGW.0308', `The throttling threshold has been reached: ${policy}`)
}

function runRefusable(run: () => Reply): Reply {
  try {
    return run()
  } catch (error) {
    if (error instanceof Refusal) return error.reply
    throw error
  }
}

function untouched(reply: Reply): Outcome {
  return { reply, damage: undefined, latencyMs: 0 }
}

function targetOf(state: State, { action, params }: Route, { path }: Received) {
  const project = state.project(params['project_id'] ?? '')
  return { operation: action.id, path, projectId: project?.id, projectName: project?.name }
}

function strikeAnswer(
  { effect, value, modifiers }: PlantedFault<AnswerName>,
  run: () => Reply,
  received: Received,
  nowUs: number,
): Outcome {
  // These spoil an answer, so there must be one.
  if (effect === 'truncate') return { ...untouched(run()), damage: 'truncate' }
  if (effect === 'cut-json') return untouched(cutJson(run()))
  if (modifiers.executed !== undefined) run()
  if (effect === 'reset' || effect === 'hang') return { ...untouched({ status: 500 }), damage: effect }
  if (effect === 'status') return untouched(withStatus(Number(value), modifiers))
  const sdkDate = received.headers['x-sdk-date'] ?? ''
  if (effect === 'expired-signature') return untouched(refuseExpired(sdkDate, nowUs).reply)
  if (effect === 'unauthorized') return untouched(refuse('Unauthorized').reply)
  return untouched(CANNED[effect])
}

function withStatus(status: number, modifiers: PlantedFault['modifiers']): Reply {
  const retryAfter = modifiers['retry-after']
  return {
    status,
    body: {
      error_code: modifiers.code ?? 'BackupService.9910',
      error_msg: `The emulator was asked to answer ${status}.`,
    },
    ...(retryAfter !== undefined && { headers: { 'Retry-After': retryAfter } }),
  }
}

function cutJson(reply: Reply): Reply {
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {})
  return { ...reply, body: text.slice(0, Math.ceil(text.length / 2)) }
}

const CANNED = {
  throttled: {
    status: 429,
    body: {
      error_msg:
        'The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute',
      error_code: 'APIGW.0308',
      request_id: '',
    },
  },
  html: {
    status: 200,
    body: '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>',
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  },
  empty: { status: 204 },
  'error-200': {
    status: 200,
    body: { error_code: 'BackupService.9900', error_msg: 'Parameter check failed.' },
  },
  redirect: { status: 302, headers: { Location: 'https://elsewhere.invalid/' } },
} as const satisfies Record<string, Reply>
