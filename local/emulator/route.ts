import type { Action } from './action.ts'
import { decode } from './query.ts'

/** The action that a request asks for, and the variable parts of its path. */
export interface Route {
  readonly action: Action
  readonly params: Readonly<Record<string, string>>
}

/** Finds the action of a method and a path; a slash at the end makes no difference, as signatures add one. */
export function findRoute(actions: readonly Action[], method: string, path: string): Route | undefined {
  const segments = path.replace(/\/$/, '').split('/')
  for (const action of actions) {
    if (action.method !== method) continue
    const params = matchPath(action.path.split('/'), segments)
    if (params !== undefined) return { action, params }
  }
  return undefined
}

function matchPath(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (expected.startsWith('{')) params[expected.slice(1, -1)] = decode(segment)
    else if (expected !== segment) return undefined
  }
  return params
}
