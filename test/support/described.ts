import { expect } from 'vitest'
import * as z from 'zod'
import { matchRoute } from '../../lib/runtime/route.ts'
import { describeApi } from '../../local/openapi/document.ts'

const header = z.object({})
const answer = z.object({
  headers: z.record(z.string(), header),
  content: z.record(z.string(), z.object({ schema: z.object({ $ref: z.string() }) })),
})
const operation = z.object({ responses: z.record(z.string(), answer) })
const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
})

const { paths, components } = document.parse(
  JSON.parse(JSON.stringify(describeApi()).replaceAll('#/components/schemas/', '#/definitions/')),
)
const { schemas: definitions } = components
const routes = Object.fromEntries(
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => [`${method.toUpperCase()} ${path}`, one] as const),
  ),
)
const made = new Map<string, z.ZodType>()

/** A schema of the description, as a program has it that knows nothing but the document. */
export function describedSchema(name: string): z.ZodType {
  const known = made.get(name)
  if (known !== undefined) return known
  const schema = z.fromJSONSchema({ ...definitions[name], definitions }, { defaultTarget: 'openapi-3.0' })
  made.set(name, schema)
  return schema
}

/** An answer as it came. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Headers that any answer over HTTP may have. */
const OF_HTTP = /^(?:content-|cache-control|date$|connection$|keep-alive$|transfer-encoding$)/

/** Fails where a route answers what the description does not say: a status, a content type, a header, a body of another form. */
export function expectDescribed(method: string, path: string, { status, headers, body }: Answered): void {
  const [, one] = Object.entries(routes).find(([route]) => isAt(route, method, path)) ?? []
  if (one === undefined) return
  const described = one.responses[status]
  const type = headers['content-type'] ?? ''
  const name = described?.content[type]?.schema.$ref.split('/').at(-1)
  expect(name, `${method} ${path} answered ${status} ${type}, which is not described`).toBeDefined()
  const known = Object.keys(described?.headers ?? {}).map((header) => header.toLowerCase())
  const strange = Object.keys(headers).filter((header) => !OF_HTTP.test(header) && !known.includes(header))
  expect(strange, `headers of ${method} ${path} ${status}`).toEqual([])
  const { error } = describedSchema(name ?? '').safeParse(body)
  expect(error && z.prettifyError(error), `${method} ${path} ${status}`).toBeUndefined()
}

function isAt(route: string, method: string, path: string): boolean {
  try {
    matchRoute({ [route]: true }, method, path)
    return true
  } catch {
    return false
  }
}
