import * as z from 'zod/mini'
import { parseJson } from '../parse-json.ts'
import { parseTime } from '../parse-time.ts'
import type { Store } from '../store/store.ts'
import { formatTime, type Instant } from '../time.ts'
import { writeJson } from '../write-json.ts'

/** Where it stands of each order that can never be followed why that is so. */
export const QUARANTINE = 'ledger/checkpoint-quarantine/'

/** Why an order is not followed, and since when; undefined where what stands there does not say so. */
export interface Quarantine {
  readonly because: string | undefined
  readonly since: Instant | undefined
}

/** Writes down why an order is not followed; false where it stands there already. */
export function putInQuarantine(
  store: Store,
  operation: string,
  because: string,
  now: Instant,
): Promise<boolean> {
  const entry = { operation, outcome: 'quarantined', because, quarantined_at: formatTime(now) }
  return store.putIfAbsent(keyOf(operation), writeJson(entry))
}

const word = z.catch(z.optional(z.string()), undefined)
const schema = z.object({ because: word, quarantined_at: word })

/** Reads it; undefined where the order is not in quarantine. */
export async function readQuarantine(store: Store, operation: string): Promise<Quarantine | undefined> {
  const stored = await store.get(keyOf(operation))
  if (stored === undefined) return undefined
  const { because, quarantined_at } = z.safeParse(schema, parseJson(stored.bytes)).data ?? {}
  return { because, since: quarantined_at === undefined ? undefined : parseTime(quarantined_at) }
}

/** The orders that are not followed. */
export async function quarantinedOrders(store: Store): Promise<readonly string[]> {
  const names: string[] = []
  for await (const file of store.names(QUARANTINE)) names.push(file.replace(/\.json$/, ''))
  return names
}

function keyOf(operation: string): string {
  return `${QUARANTINE}${operation}.json`
}
