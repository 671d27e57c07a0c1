import * as z from 'zod/mini'
import { orderKey } from '../checkpoint-inbox.ts'
import { parseJson } from '../parse-json.ts'
import type { Store } from '../store/store.ts'

/** What an order says of itself; null where it does not, for it may be torn or not an order at all. */
export interface OrderFacts {
  readonly region: string | null
  readonly project_id: string | null
  readonly vault_id: string | null
  readonly alert_id: string | null
  readonly received_at: string | null
}

const word = z.catch(z.nullable(z.string()), null)
const places = z.object({ region: word, project_id: word, vault_id: word })
const NOWHERE = { region: null, project_id: null, vault_id: null }
const facts = z.object({ alert_id: word, received_at: word, request: z.catch(places, NOWHERE) })

/** What the order of an operation says that nobody has taken, or nobody can; undefined where there is no order. */
export async function orderFacts(store: Store, operation: string): Promise<OrderFacts | undefined> {
  const stored = await store.get(orderKey(operation))
  if (stored === undefined) return undefined
  const { data } = z.safeParse(facts, parseJson(stored.bytes))
  if (data === undefined) return NOTHING_SAID
  const { alert_id, received_at, request } = data
  return { ...request, alert_id, received_at }
}

/** Of an order that says nothing. */
export const NOTHING_SAID: OrderFacts = { ...NOWHERE, alert_id: null, received_at: null }
