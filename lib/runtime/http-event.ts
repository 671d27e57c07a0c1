import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { redactedInput } from './redacted-input.ts'

/** A decoded name and value of the query, in the order in which they came. */
export type QueryPair = readonly [name: string, value: string]

/** One as it was sent: without its value, and perhaps with a name that is still encoded, where it is not percent-encoded UTF-8. */
export type QueryPart = readonly [name: string, value: string | undefined]

/** What of an HTTP API event (payload format 2.0) a function reads. */
export interface HttpEvent {
  readonly method: string
  /** Without the stage. */
  readonly path: string
  /** At most one more than allowed. */
  readonly query: readonly QueryPart[]
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly isBase64Encoded: boolean
  readonly requestId: string | undefined
}

/** No sensible request has more parameters; beyond one too many none is even decoded. */
export const MOST_PARAMETERS = 100

const words = z.record(z.string(), z.string())

const eventSchema = z.object({
  rawPath: z.string(),
  rawQueryString: z.optional(z.string()),
  queryStringParameters: z.optional(words),
  headers: z.optional(words),
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.boolean()),
  requestContext: z.object({
    http: z.object({ method: z.string() }),
    requestId: z.optional(z.string()),
    stage: z.optional(z.string()),
  }),
})

const anyHttpEvent = z.object({ requestContext: z.object({ http: z.unknown() }) })

/** Whether an event is a request to an HTTP API. */
export function isHttpEvent(event: unknown): boolean {
  return z.safeParse(anyHttpEvent, event).success
}

/** Reads an event of an HTTP API; throws where it is something else, for then the function is wired to the wrong door, and a Fault where a header contradicts itself. */
export function readHttpEvent(event: unknown): HttpEvent {
  const {
    rawPath,
    rawQueryString = '',
    queryStringParameters,
    headers,
    body,
    requestContext,
    ...rest
  } = z.parse(eventSchema, event)
  const { http, requestId, stage } = requestContext
  return {
    method: http.method.toUpperCase(),
    path: withoutStage(rawPath, stage),
    // `queryStringParameters` joins what was repeated with commas, which a sort order has too: the raw string is read.
    query: rawQueryString === '' ? Object.entries(queryStringParameters ?? {}) : splitQuery(rawQueryString),
    headers: readHeaders(headers ?? {}),
    body: body ?? undefined,
    isBase64Encoded: rest.isBase64Encoded ?? false,
    requestId,
  }
}

/** A header in two spellings with two values could be read one way and verified the other. */
function readHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const read = new Map<string, string>()
  for (const [spelling, value] of Object.entries(headers)) {
    const name = spelling.toLowerCase()
    if (read.has(name) && read.get(name) !== value)
      throw new Fault('invalid_request', 'Cannot read the headers of this request', {
        mistakes: [{ pointer: `/header/${redactedInput(name)}`, detail: 'comes twice, with two values' }],
      })
    read.set(name, value)
  }
  return Object.fromEntries(read)
}

/** `$default` is the only stage that does not stand in the path. */
function withoutStage(path: string, stage = '$default'): string {
  return stage !== '$default' && path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path
}

function splitQuery(raw: string): readonly QueryPart[] {
  return raw
    .split('&', MOST_PARAMETERS + 1)
    .filter((part) => part !== '')
    .map((part) => {
      const [written = '', ...value] = part.split('=')
      const name = decode(written)
      return name === undefined ? [written, undefined] : [name, decode(value.join('='))]
    })
}

/** A blank may be written as `+` in a query. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
