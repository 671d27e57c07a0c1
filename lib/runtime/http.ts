import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { Fault } from '../errors.ts'
import { aboutError } from './about-error.ts'
import { budgetMs, type HttpContext, RESERVE_MS } from './budget.ts'
import { type HttpEvent, isHttpEvent, readHttpEvent } from './http-event.ts'
import type { Log, LogFields } from './log.ts'
import { retryAfterOf, toProblem } from './problem.ts'
import { matchRoute } from './route.ts'

/** A request on its way through a function. */
export interface HttpRequest extends HttpEvent {
  /** What stands in the braces of the route. */
  readonly params: Readonly<Record<string, string>>
  /** Aborted when no time is left to wait for Huawei. */
  readonly signal: AbortSignal
  /** Adds to the line that the log will have of this request. */
  readonly note: (fields: Partial<LogFields>) => void
  /** Adds headers to whatever the answer will be, a problem too. */
  readonly promise: (headers: Headers) => void
}

type Headers = Readonly<Record<string, string>>

/** What a route answers; the body is JSON. */
export interface Answer {
  readonly status: number
  readonly headers?: Headers
  readonly body: string
}

/** The work of a route: a plain function, which tests call without the stack. */
export type Work<S> = (services: S, request: HttpRequest) => Promise<Answer>

/** The routes of a function, such as `GET /instances/{instance_id}/backups`. */
export type Routes<S> = Readonly<Record<string, Work<S>>>

/** What the stack itself needs of the world. */
export interface HttpWorld {
  readonly log: Log
  /** Milliseconds of a clock that never jumps. */
  readonly nowMs: () => number
  readonly randomHex: (bytes: number) => string
}

/** An answer as an HTTP API takes it. */
export interface HttpResult {
  readonly statusCode: number
  readonly headers: Headers
  readonly body: string
}

/** A deployed function behind HTTP, callable as it is. */
export type HttpFunction = (event: unknown, context?: HttpContext) => Promise<HttpResult>

/** What a request gathers on its way. */
interface Course {
  readonly startedAtMs: number
  requestId: string
  readonly headers: Record<string, string>
  readonly fields: { -readonly [Name in keyof LogFields]?: LogFields[Name] }
}

/** A request as it passes the stack: an event first, then what is to be done about it; an answer, then a result. */
interface Passage {
  event: unknown
  readonly context: Context
  response?: Answer | HttpResult | null | undefined
  readonly error?: unknown
  readonly internal: { course?: Course }
}

/**
 * The one stack of all HTTP functions, from the outside in: log ▸ render ▸ open ▸ the work of the route. Each request
 * leaves one line in the log, and every error becomes a problem.
 */
export function httpFunction<S extends HttpWorld>(services: S, routes: Routes<S>): HttpFunction {
  // What `opening` leaves in place of the event is called; what it resolves to `rendering` makes the result of.
  const handler = middy<unknown, HttpResult>((due: unknown) => (due as () => Promise<HttpResult>)(), {
    // Only what hangs beyond the route's own budget comes that far: our store.
    timeoutEarlyInMillis: RESERVE_MS / 3,
    timeoutEarlyResponse: () => {
      throw new Fault('unavailable', 'Cannot answer in time; what was begun is in the ledger')
    },
  })
  handler.use(logging(services)).use(rendering()).use(opening(services, routes))
  return async (event, context = {}) => {
    // Whoever invokes a function without waiting hears only of failures.
    if (!isHttpEvent(event))
      throw new Fault(
        'invalid_request',
        'Cannot read this event: nothing that this function does begins with one like it',
      )
    return handler(event, context as Context)
  }
}

function logging({ log, nowMs, randomHex }: HttpWorld) {
  const write = ({ response, error, internal: { course } }: Passage): void => {
    if (course === undefined) return
    const status = response && 'statusCode' in response ? response.statusCode : 500
    const level = status >= 500 ? 'error' : 'info'
    const duration_ms = Math.round(nowMs() - course.startedAtMs)
    log(level, 'request', {
      ...course.fields,
      ...(error == null ? {} : aboutError(error)),
      status,
      duration_ms,
    })
  }
  return {
    before: ({ internal }: Passage): void => {
      internal.course = { startedAtMs: nowMs(), requestId: randomHex(16), headers: {}, fields: {} }
    },
    after: write,
    onError: write,
  }
}

function rendering() {
  return {
    after: (passage: Passage): void => {
      const { response, internal } = passage
      if (response && 'status' in response) passage.response = toResult(response, internal.course)
    },
    onError: (passage: Passage): void => {
      const { error, internal } = passage
      const problem = toProblem(error, internal.course?.requestId ?? '')
      const headers = { 'content-type': 'application/problem+json', ...retryAfterOf(error) }
      const answer = { status: problem.status, headers, body: JSON.stringify(problem) }
      passage.response = toResult(answer, internal.course)
    },
  }
}

/** Reads the event, finds its route, and leaves in its place what is to be done. */
function opening<S extends HttpWorld>(services: S, routes: Routes<S>) {
  return {
    before: (passage: Passage): void => {
      const { course } = passage.internal
      if (course === undefined) throw new TypeError('The log comes first in the stack')
      const event = readHttpEvent(passage.event)
      course.requestId = event.requestId ?? course.requestId
      Object.assign(course.fields, { request_id: course.requestId, method: event.method })
      const { route, params, work } = matchRoute(routes, event.method, event.path)
      course.fields.route = route
      const request: HttpRequest = {
        ...event,
        params,
        signal: AbortSignal.timeout(budgetMs(passage.context)),
        note: (fields) => void Object.assign(course.fields, fields),
        promise: (headers) => void Object.assign(course.headers, headers),
      }
      passage.event = () => work(services, request)
    },
  }
}

function toResult({ status, headers, body }: Answer, course: Course | undefined): HttpResult {
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-request-id': course?.requestId ?? '',
      ...course?.headers,
      ...headers,
    },
    body,
  }
}
