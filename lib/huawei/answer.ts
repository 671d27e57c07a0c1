import * as z from 'zod/mini'
import { Fault, type FaultCode } from '../errors.ts'
import { adviceOn } from './advice.ts'
import { bodyOf, refusalOf, toUpstreamAnswer } from './body.ts'
import type { Request, Response, Send } from './http.ts'
import { redacted } from './redact.ts'
import { rateLimitOf, retryAfterMs } from './retry-after.ts'
import { encodePath } from './signature.ts'

const SAMPLE_CHARS = 200

/** How to ask. */
export interface AskOptions<T> {
  readonly signal?: AbortSignal
  /** What a 204 means; without it that is a fault, as any other answer without a body is. */
  readonly whenEmpty?: T
}

/** Sends a request and reads its answer. */
export async function ask<T>(
  send: Send,
  request: Request,
  schema: z.ZodMiniType<T>,
  options: AskOptions<T> = {},
): Promise<T> {
  const response = await send(request, options.signal)
  return readAnswer(request, response, schema, options.whenEmpty)
}

/** Reads an answer into a value, or throws the Fault that says what Huawei answered instead and what to do about it. */
export function readAnswer<T>(
  request: Request,
  response: Response,
  schema: z.ZodMiniType<T>,
  whenEmpty?: T,
): T {
  if (response.status < 200 || response.status >= 300) throw faultOf(request, response)
  const body = bodyOf(response)
  switch (body.kind) {
    case 'json':
      if (refusalOf(response).errorCode !== undefined) throw faultOf(request, response)
      return parsed(request, response, schema, body.value)
    case 'empty':
      if (whenEmpty !== undefined && response.status === 204) return whenEmpty
      throw unreadable(request, response, `Huawei answered ${response.status} with an empty body`)
    case 'broken':
      throw unreadable(request, response, `the answer is not valid JSON: ${sampleOf(response)}`)
    case 'foreign':
      throw unreadable(
        request,
        response,
        `unexpected content-type "${redacted(body.contentType, 60)}": ${sampleOf(response)} Check the endpoint and any proxy in between`,
      )
  }
}

/** The fault that a response other than success means. */
function faultOf(request: Request, response: Response): Fault {
  const upstream = toUpstreamAnswer(response)
  const code = codeOf(response.status)
  const isPassing = code === 'upstream_throttled' || code === 'upstream_unavailable'
  const retryAfter = isPassing ? waitOf(response) : undefined
  return new Fault(code, `Cannot ${nameOf(request)}: ${found(request, response)}`, {
    upstream,
    ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
  })
}

function codeOf(status: number): FaultCode {
  if (status === 429) return 'upstream_throttled'
  if (status === 504) return 'upstream_timeout'
  // A 2xx comes here only with an error in its body: refused, if politely.
  return (status >= 400 && status < 500) || status < 300 ? 'upstream_refused' : 'upstream_unavailable'
}

function waitOf(response: Response): number | undefined {
  // A date in Retry-After counts from the one of the answer itself: both are by the clock of the sender.
  const sentAtMs = Date.parse(response.headers['date'] ?? '')
  return retryAfterMs(response, sentAtMs) ?? rateLimitOf(response)?.windowMs
}

function found(request: Request, response: Response): string {
  const { errorCode, errorMsg, requestId, malformedUrl } = refusalOf(response)
  // IAM repeats the status as its code.
  const code = errorCode === String(response.status) ? '' : `${errorCode} `
  const said = errorCode === undefined ? sampleOf(response) : `${code}"${errorMsg}".`
  const reference = requestId === undefined ? '' : ` (request id ${requestId})`
  if (malformedUrl)
    return `Huawei found the address malformed${reference}: an id in it is not one, or there is no such thing. Check the ids; the credentials are not the cause`
  return `Huawei answered ${response.status} ${said} ${adviceOn(request, response, errorCode)}${reference}`
}

function parsed<T>(request: Request, response: Response, schema: z.ZodMiniType<T>, value: unknown): T {
  const result = z.safeParse(schema, value)
  if (result.success) return result.data
  const issues = result.error.issues.slice(0, 3).map(describeIssue).join('; ')
  throw unreadable(request, response, `the answer does not have the expected form: ${issues}`)
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = redacted(issue.path.join('.'), 60)
  const expected = 'expected' in issue ? `: expected ${String(issue.expected)}` : ''
  return `${path === '' ? 'the whole' : path} (${issue.code}${expected})`
}

function unreadable(request: Request, response: Response, why: string): Fault {
  return new Fault('upstream_unavailable', `Cannot ${nameOf(request)}: ${why}`, {
    upstream: toUpstreamAnswer(response),
  })
}

function nameOf({ method, origin, path }: Request): string {
  return `${method} ${new URL(origin).host}${encodePath(path)}`
}

function sampleOf({ body }: Response): string {
  const sample = redacted(body.toString('utf8'), SAMPLE_CHARS)
  return sample === '' ? 'with an empty body.' : `"${sample}".`
}
