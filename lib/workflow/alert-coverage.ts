import * as z from 'zod/mini'
import { idOf } from '../digest.ts'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import type { Store } from '../store/store.ts'
import { before, formatTime, hours, type Instant } from '../time.ts'
import type { AlertPlan, Coverage } from './alert-plan.ts'
import { toStored } from './alert-record.ts'

const SCHEMA_VERSION = 1
const KEPT = hours(7 * 24)
const MOST_TRIES = 8

const schema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  covered: z.record(z.string(), z.object({ operation: z.string(), at: z.string() })),
})

type Entries = z.infer<typeof schema>['covered']

/**
 * Plans a delivery of a group that comes again and again, and remembers which operation covers which of its alarms, so that none of them
 * ever starts a second one: not when the group grows or shrinks, and not where two peers send it at the same time.
 */
export async function planWithMemory(
  store: Store,
  group: string,
  now: Instant,
  plan: (past: Coverage) => AlertPlan,
): Promise<AlertPlan> {
  const key = `inbox/group/${idOf(group)}.json`
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await store.get(key)
    const entries = stored === undefined ? {} : readEntries(key, stored.bytes)
    const planned = plan(operationsIn(entries))
    if (Object.keys(planned.covered).every((name) => Object.hasOwn(entries, name))) return planned
    const content = toStored({ schema_version: SCHEMA_VERSION, covered: merged(entries, planned, now) })
    const isWritten =
      stored === undefined
        ? await store.putIfAbsent(key, content)
        : await store.replaceIfUnchanged(key, content, stored.version)
    if (isWritten) return planned
  }
  throw new Fault('unavailable', `Cannot write ${key}: others keep changing it; send the alert again`)
}

function operationsIn(entries: Entries): Coverage {
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
