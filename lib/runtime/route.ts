import { Fault } from '../errors.ts'

/** The route that a request takes, and what stands in its braces. */
export interface Match<Work> {
  readonly route: string
  readonly params: Readonly<Record<string, string>>
  readonly work: Work
}

/** Finds the route of a method and a path among routes such as `GET /instances/{instance_id}/backups`; throws `not_found`. */
export function matchRoute<Work>(
  routes: Readonly<Record<string, Work>>,
  method: string,
  path: string,
): Match<Work> {
  for (const [route, work] of Object.entries(routes)) {
    const params = matchSegments(route.split('/'), `${method} ${path}`.split('/'))
    if (params !== undefined) return { route, params, work }
  }
  const known = Object.keys(routes).join(', ')
  throw new Fault('not_found', `Cannot find this route; there are: ${known}`)
}

function matchSegments(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? ''
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? []
    if (name === undefined ? part !== segment : segment === '') return undefined
    if (name !== undefined) params[name] = decoded(segment)
  }
  return params
}

/** What cannot be decoded stays as it is, and is refused as no id. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
