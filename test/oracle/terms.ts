import { HOUR, type Micros } from './micros.ts'
import { isObject, type WireObject } from './wire.ts'

/** What an audit is judged by: the moment, and the thresholds of the policy with its defaults filled in. */
export interface Terms {
  readonly asOf: Micros
  readonly expiredGrace: Micros
  readonly replicationGrace: Micros
  readonly required: 'all' | 'auto' | 'none'
  readonly stuckAfter: Micros
  readonly maxAge: Micros
}

/** Reads the thresholds out of a policy document. */
export function readTerms(asOf: Micros, policy: WireObject | undefined): Terms {
  const at = (section: string, key: string): unknown => {
    const found = policy?.[section]
    return isObject(found) ? found[key] : undefined
  }
  return {
    asOf,
    expiredGrace: readHours(at('expired', 'grace') ?? '0h'),
    replicationGrace: readHours(at('replication', 'grace') ?? '24h'),
    required: readRequired(at('replication', 'required') ?? 'all'),
    stuckAfter: readHours(at('stuck', 'after') ?? '6h'),
    maxAge: readHours(at('recovery_point', 'max_age') ?? '26h'),
  }
}

function readHours(value: unknown): Micros {
  const match = typeof value === 'string' ? /^(\d+)h$/.exec(value) : null
  if (match === null)
    throw new Error(`The oracle reads durations in hours only; found ${JSON.stringify(value)}.`)
  return BigInt(match[1] ?? '') * HOUR
}

function readRequired(value: unknown): 'all' | 'auto' | 'none' {
  if (value === 'all' || value === 'auto' || value === 'none') return value
  throw new Error(`The oracle knows no replication.required ${JSON.stringify(value)}.`)
}
