import * as z from 'zod/mini'
import { Fault, type Mistake } from '../errors.ts'
import { parseTime } from '../parse-time.ts'
import { before, fromEpochMs, type Instant, minutes } from '../time.ts'
import { readAnswer } from './answer.ts'
import type { Authorize } from './authorize.ts'
import { refusalOf } from './body.ts'
import { adviceOnClock, MAX_SKEW } from './clock-skew.ts'
import type { CloudClock } from './cloud-clock.ts'
import type { Request, Response, Send } from './http.ts'
import { httpDateMs } from './retry-after.ts'
import { keepSecret } from './secrets.ts'
import { TransportFailure, transportFailureOf, unreachable } from './transport-failure.ts'

/** An IAM user who may log in with a password. */
export interface IamUser {
  readonly username: string
  readonly password: string
  readonly domainName: string
}

/** Where and when tokens are fetched. */
export interface TokenSource {
  /** Of IAM: `https://iam.cn-north-4.myhuaweicloud.com`. */
  readonly origin: string
  /** A token does not tell whether it is off; the date of each login's answer does. */
  readonly clock: CloudClock
}

interface Token {
  readonly value: string
  readonly expiresAt: Instant
}

/** A token lives 24 h; what begins in its last five minutes gets a new one. */
const MARGIN = minutes(5)

const VARIABLES = {
  username: 'HUAWEICLOUD_USERNAME',
  password: 'HUAWEICLOUD_PASSWORD',
  domainName: 'HUAWEICLOUD_DOMAIN_NAME',
} as const satisfies Record<keyof IamUser, string>

const wireToken = z.object({ token: z.object({ expires_at: z.string() }) })

/** Logs in as an IAM user: one token per project, shared by all calls, renewed before it expires and after a refusal. */
export function iamToken(user: IamUser, source: TokenSource): Authorize {
  const mistakes = mistakesIn(user)
  if (mistakes.length > 0) throw new Fault('invalid_configuration', 'Cannot log in to IAM', { mistakes })
  const tokens = new Map<string, Promise<Token>>()

  const freshToken = async (send: Send, projectId: string | undefined): Promise<Token> => {
    const scope = projectId ?? ''
    const known = tokens.get(scope)
    if (known !== undefined && source.clock.timeAt(source.origin) < before((await known).expiresAt, MARGIN))
      return known
    // Whoever waited for the same old token finds the new one already on its way.
    if (known !== tokens.get(scope)) return freshToken(send, projectId)
    const renewal = login(send, user, source, projectId)
    tokens.set(scope, renewal)
    renewal.catch(() => tokens.get(scope) === renewal && tokens.delete(scope))
    return renewal
  }

  const forget = async (projectId: string | undefined, value: string | undefined): Promise<void> => {
    const scope = projectId ?? ''
    const known = tokens.get(scope)
    // Another call may have renewed it already: only the token that was refused is forgotten.
    if ((await known)?.value === value && known === tokens.get(scope)) tokens.delete(scope)
  }

  return async (request, { send, signal, refused }) => {
    const projectId = request.headers['x-project-id']
    if (refused !== undefined) {
      if (refusalOf(refused.response).malformedUrl) return undefined
      await forget(projectId, refused.request.headers['x-auth-token'])
    }
    const token = await unlessAborted(freshToken(send, projectId), signal)
    return { ...request, headers: { ...request.headers, 'x-auth-token': token.value } }
  }
}

/** The renewal is everybody's, so nobody's signal stops it; it only ends the waiting. */
async function unlessAborted<T>(pending: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return pending
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void =>
    reject(unreachable('IAM', new TransportFailure('ABORTED', 'the time allowed ran out', 'no')))
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return Promise.race([pending, promise]).finally(() => signal.removeEventListener('abort', onAbort))
}

async function login(
  send: Send,
  user: IamUser,
  source: TokenSource,
  projectId: string | undefined,
): Promise<Token> {
  const request = loginRequest(user, source.origin, projectId)
  keepSecret(user.password)
  try {
    const response = await send(request)
    const { token } = readAnswer(request, response, wireToken)
    const value = response.headers['x-subject-token']
    const expiresAt = parseTime(token.expires_at)
    if (value !== undefined) keepSecret(value)
    proveClock(response, source)
    if (value !== undefined && expiresAt !== undefined) return { value, expiresAt }
    throw new Fault('upstream_unavailable', 'the answer holds no token, or not when it expires')
  } catch (error) {
    throw error instanceof Fault ? notLoggedIn(error) : error
  }
}

/** Corrects a clock by which the answer was made at another time, or throws a refusal; where it bears no date, nobody knows. */
function proveClock({ headers }: Response, { origin, clock }: TokenSource): void {
  const ms = httpDateMs(headers['date'] ?? '')
  if (ms === undefined) return
  const theirs = fromEpochMs(ms)
  const ours = clock.timeAt(origin)
  const isNear = Math.abs(theirs - ours) <= MAX_SKEW
  if (isNear) clock.agree?.(origin, theirs)
  else if (clock.correct !== undefined) clock.correct(origin, theirs)
  else throw new Fault('upstream_refused', adviceOnClock({ ours, did: 'had', theirs, whose: 'IAM' }))
}

/** Only the login broke: the request that it was for was never sent, whatever became of the login. */
function notLoggedIn(fault: Fault): Fault {
  const { code, message, upstream, retryAfterMs } = fault
  // A refused password stays refused, and IAM locks users out who insist; a clock stays off too.
  const failureCode =
    transportFailureOf(fault)?.code ?? (code === 'upstream_refused' ? 'LOGIN_REFUSED' : 'LOGIN_FAILED')
  return new Fault(code, `Cannot log in to IAM: ${message}`, {
    cause: new TransportFailure(failureCode, message, 'no', fault),
    ...(upstream === undefined ? {} : { upstream }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function loginRequest(user: IamUser, origin: string, projectId: string | undefined): Request {
  const domain = { name: user.domainName }
  const body = {
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: user.username, password: user.password, domain } },
      },
      scope: projectId === undefined ? { domain } : { project: { id: projectId } },
    },
  }
  return {
    method: 'POST',
    origin,
    path: '/v3/auth/tokens',
    query: [['nocatalog', 'true']],
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

function mistakesIn(user: IamUser): readonly Mistake[] {
  return Object.entries(VARIABLES)
    .filter(([field]) => user[field as keyof IamUser].trim() === '')
    .map(([, pointer]) => ({ pointer, detail: 'must not be empty' }))
}
