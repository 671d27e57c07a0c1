import * as z from 'zod/mini'
import { idOf } from '../digest.ts'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import { putVersion } from '../store/put-version.ts'
import type { Store } from '../store/store.ts'
import { before, formatTime, hours, type Instant } from '../time.ts'
import { writeJson } from '../write-json.ts'
import { isOrdered } from './alert-orders.ts'
import type { AlertPlan, OperationsByAlarm, Past } from './alert-plan.ts'

const SCHEMA_VERSION = 1
const KEPT = hours(7 * 24)
const MOST_TRIES = 8
/** The newest of those that come together: with more of them it is enough that the one they are named for is new. */
const MOST_LOOKED_FOR = 32

const schema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  covered: z.record(z.string(), z.object({ operation: z.string(), at: z.string() })),
})

type Entries = z.infer<typeof schema>['covered']

/**
 * Plans a delivery of a group that comes again and again, so that none of its alarms ever starts a second operation: not when the
 * group grows or shrinks, and not where two peers send it at the same time. An alarm with an operation of its own is
 * known by its order; what came together, and so shares one, is remembered.
 */
export async function planWithMemory(
  store: Store,
  group: string,
  now: Instant,
  plan: (past: Past) => AlertPlan,
): Promise<AlertPlan> {
  const key = `inbox/group/${idOf(group)}.json`
  const orders = createOrderBook(store)
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await store.get(key)
    const entries = stored === undefined ? {} : readEntries(key, stored.bytes)
    const planned = await settled(orders, (ordered) => plan({ covered: operationsIn(entries), ordered }))
    if (Object.keys(planned.covered).every((name) => Object.hasOwn(entries, name))) return planned
    const content = writeJson({ schema_version: SCHEMA_VERSION, covered: merged(entries, planned, now) })
    if (await putVersion(store, key, content, stored?.version)) return planned
  }
  throw new Fault('unavailable', `Cannot write ${key}: others keep changing it; send the alert again`)
}

/** Plans until nobody shares an operation who has one of its own: that one may have been carried out before the others began. */
async function settled(
  orders: OrderBook,
  plan: (ordered: ReadonlySet<string>) => AlertPlan,
): Promise<AlertPlan> {
  for (;;) {
    const planned = plan(orders.found)
    if (!(await orders.lookFor(planned.sharing.slice(0, MOST_LOOKED_FOR)))) return planned
  }
}

/** Which orders lie in the inbox, as far as it was looked for them. */
interface OrderBook {
  readonly found: ReadonlySet<string>
  /** Whether one of these was found that was not known before. */
  readonly lookFor: (operations: readonly string[]) => Promise<boolean>
}

function createOrderBook(store: Store): OrderBook {
  const found = new Set<string>()
  const looked = new Set<string>()
  return {
    found,
    lookFor: async (operations) => {
      const unknown = operations.filter((operation) => !looked.has(operation))
      for (const operation of unknown) looked.add(operation)
      const isThere = await Promise.all(unknown.map((operation) => isOrdered(store, operation)))
      for (const [index, operation] of unknown.entries()) if (isThere[index]) found.add(operation)
      return isThere.includes(true)
    },
  }
}

function operationsIn(entries: Entries): OperationsByAlarm {
  return Object.fromEntries(Object.entries(entries).map(([name, { operation }]) => [name, operation]))
}

/** What this delivery does not speak of is forgotten after a week. */
function merged(entries: Entries, { covered }: AlertPlan, now: Instant): Entries {
  const oldest = formatTime(before(now, KEPT))
  const at = formatTime(now)
  const kept = Object.entries(entries).filter(
    ([name, entry]) => Object.hasOwn(covered, name) || entry.at >= oldest,
  )
  const fresh = Object.entries(covered)
    .filter(([name]) => !Object.hasOwn(entries, name))
    .map(([name, operation]) => [name, { operation, at }] as const)
  return Object.fromEntries([...kept, ...fresh])
}

function readEntries(key: string, bytes: Uint8Array): Entries {
  const reading = z.safeParse(schema, parseJson(bytes))
  if (reading.success) return reading.data.covered
  throw new Fault('unavailable', `Cannot read ${key}: it is no record of version ${SCHEMA_VERSION}`)
}
