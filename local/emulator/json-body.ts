import type { Wire } from './fleet.ts'
import type { Refusal } from './reply.ts'
import { isWire } from './vault-usage.ts'

/** The body as a JSON object, or the service's refusal. */
export function parseBody(body: string, refuse: () => Refusal): Wire {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw refuse()
  }
  if (isWire(parsed)) return parsed
  throw refuse()
}

/** The value at a path of keys; undefined where the path breaks off. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isWire(inner) ? inner[key] : undefined), value)
}
