import * as z from 'zod/mini'
import { openOperations } from '../checkpoint/closed.ts'
import { orderKey, quarantinedOrders, quarantineKey, untakenOrders } from '../checkpoint/inbox.ts'
import { describeOperation } from '../checkpoint/operation.ts'
import { readRecord, recordKey } from '../checkpoint/record.ts'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import type { Store } from '../store/store.ts'
import { before, type Duration, hours, type Instant, parseTime } from '../time.ts'

/** A checkpoint that was asked for and is not over, or was never begun. */
export interface OpenOperation {
  readonly operation: string
  readonly state: string
  readonly region: string | null
  readonly project_id: string | null
  readonly vault_id: string | null
  readonly alert_id: string | null
  readonly received_at: string | null
  readonly because: string | null
}

const OVER: readonly string[] = ['joined', 'refused', 'done', 'failed']
const AT_ONCE = 16
/** An order that can never be followed would be told for ever. */
const QUARANTINE_TOLD_FOR: Duration = hours(30 * 24)

const NOTHING_KNOWN = {
  region: null,
  project_id: null,
  vault_id: null,
  alert_id: null,
  received_at: null,
  because: null,
} as const

/** Every checkpoint of a store that somebody asked for and that is not over: what waits, runs, is unknown, held, parked or quarantined. */
export async function listOpenOperations(store: Store, now: Instant): Promise<readonly OpenOperation[]> {
  const readers = [
    ...(await openOperations(store)).map((one) => () => readOpen(store, one, now)),
    ...(await untakenOrders(store)).map((one) => () => readUntaken(store, one)),
    ...(await quarantinedOrders(store)).map((one) => () => readQuarantined(store, one, now)),
  ]
  const found: OpenOperation[] = []
  const queue = readers.values()
  const work = async () => {
    for (const read of queue) {
      const one = await read()
      if (one !== undefined) found.push(one)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

async function readOpen(store: Store, operation: string, now: Instant): Promise<OpenOperation | undefined> {
  const stored = await store.get(recordKey(operation))
  if (stored === undefined) return undefined
  try {
    const record = readRecord(recordKey(operation), stored.bytes)
    const { state, because, region, project_id, vault_id, alert_id, received_at } = describeOperation(
      record,
      now,
    )
    // Of what was not sent for a caller he was told, and he may have turned to something else.
    if (OVER.includes(state) || (state === 'waiting' && alert_id === null)) return undefined
    return { operation, state, region, project_id, vault_id, alert_id, received_at, because }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { operation, state: 'unreadable', ...NOTHING_KNOWN, because: error.message }
  }
}

const orderFacts = z.object({
  alert_id: z.string(),
  received_at: z.string(),
  request: z.object({ region: z.string(), project_id: z.string(), vault_id: z.string() }),
})

async function readUntaken(store: Store, operation: string): Promise<OpenOperation | undefined> {
  const stored = await store.get(orderKey(operation))
  if (stored === undefined) return undefined
  const because = 'it was not taken from the inbox yet'
  const { data } = z.safeParse(orderFacts, parseJson(stored.bytes))
  if (data === undefined) return { operation, state: 'waiting', ...NOTHING_KNOWN, because }
  const { request, alert_id, received_at } = data
  return { operation, state: 'waiting', ...request, alert_id, received_at, because }
}

const quarantineFacts = z.object({ because: z.string(), quarantined_at: z.string() })

async function readQuarantined(
  store: Store,
  operation: string,
  now: Instant,
): Promise<OpenOperation | undefined> {
  const stored = await store.get(quarantineKey(operation))
  const { data } = z.safeParse(quarantineFacts, stored && parseJson(stored.bytes))
  const at = data === undefined ? undefined : parseTime(data.quarantined_at)
  if (at !== undefined && at <= before(now, QUARANTINE_TOLD_FOR)) return undefined
  return { operation, state: 'quarantined', ...NOTHING_KNOWN, because: data?.because ?? null }
}
