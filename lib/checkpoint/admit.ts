import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { putVersion } from '../store/put-version.ts'
import type { Store } from '../store/store.ts'
import { after, before, type Duration, formatTime, hours, type Instant } from '../time.ts'
import { type Grant, guardKey, readGuard, type VaultGuard, writeGuard } from './guard.ts'
import { type LedgerRecord, readStanding, storedTime } from './record.ts'

/** How often alerts may start a checkpoint of one vault. */
export interface Limits {
  readonly perVaultPerDay: number
  readonly minInterval: Duration
}

/** Whether an operation may start its checkpoint: now, not before a moment, or never, because another does what it asks for. */
export type Admission =
  | { readonly kind: 'granted' }
  | { readonly kind: 'joined'; readonly to: string }
  | { readonly kind: 'parked'; readonly notBefore: Instant; readonly because: string }

const DAY = hours(24)
/** Each round somebody got through, and most of those who come after join him without writing. */
const MOST_TRIES = 20

/**
 * Asks the guard of a vault. An operation joins one that covers what it asks for and began at most `minInterval` before the request;
 * otherwise it is granted, or parked until its turn. Asked again, the guard says the same.
 */
export async function admit(
  store: Store,
  limits: Limits,
  record: LedgerRecord,
  now: Instant,
): Promise<Admission> {
  const key = guardKey(record)
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await store.get(key)
    const guard = stored === undefined ? { grants: [], waiting: [] } : readGuard(key, stored.bytes)
    if (guard.grants.some(({ operation }) => operation === record.operation)) return { kind: 'granted' }
    const leader = await findLeader(store, limits, guard, record)
    const waiting = guard.waiting.filter(({ operation }) => operation !== record.operation)
    if (leader !== undefined) {
      const isGone = waiting.length === guard.waiting.length
      if (isGone || (await putVersion(store, key, writeGuard({ ...guard, waiting }), stored?.version)))
        return { kind: 'joined', to: leader }
      continue
    }
    const { admission, next } = decide(limits, guard, waiting, record, now)
    if (next === guard || (await putVersion(store, key, writeGuard(next), stored?.version))) return admission
  }
  throw new Fault('unavailable', `Cannot ask the guard of this vault: ${key} kept changing`)
}

function decide(
  limits: Limits,
  guard: VaultGuard,
  others: VaultGuard['waiting'],
  record: LedgerRecord,
  now: Instant,
) {
  const kept = limits.minInterval > DAY ? limits.minInterval : DAY
  const recent = guard.grants.filter(({ at }) => storedTime(at) > before(now, kept))
  const own = { operation: record.operation, resources: resourcesOf(record), at: formatTime(now) }
  const parked = turnOf(limits, recent, now)
  if (parked === undefined) {
    const next = { grants: [...recent, own], waiting: others }
    return { admission: { kind: 'granted' } as const, next }
  }
  const isWaiting = others.length < guard.waiting.length
  return { admission: parked, next: isWaiting ? guard : { grants: recent, waiting: [...others, own] } }
}

/** When it is the next one's turn; undefined where it is now. */
function turnOf(limits: Limits, recent: readonly Grant[], now: Instant): Admission | undefined {
  const times = recent.map(({ at }) => storedTime(at)).sort((one, other) => one - other)
  const last = times.at(-1)
  const nth = times.at(-limits.perVaultPerDay)
  const afterInterval = last === undefined ? now : after(last, limits.minInterval)
  const afterDay = nth === undefined ? now : after(nth, DAY)
  const notBefore = afterDay > afterInterval ? afterDay : afterInterval
  if (notBefore <= now) return undefined
  const because =
    afterDay > afterInterval
      ? `alerts may start ${limits.perVaultPerDay} checkpoints of a vault in 24 hours, and did`
      : `alerts started another checkpoint of this vault at ${formatTime(last ?? now)}`
  return { kind: 'parked', notBefore, because: `${because}; its turn comes at ${formatTime(notBefore)}` }
}

/** Another operation that does what this one asks for, and has not failed. */
async function findLeader(
  store: Store,
  { minInterval }: Limits,
  { grants, waiting }: VaultGuard,
  record: LedgerRecord,
): Promise<string | undefined> {
  const from = before(storedTime(record.received_at), minInterval)
  const fresh = grants.filter(({ at }) => storedTime(at) > from).reverse()
  for (const { operation, resources } of [...fresh, ...waiting]) {
    if (operation === record.operation || !covers(resources, resourcesOf(record))) continue
    const state = (await readStanding(store, operation))?.state
    if (state !== undefined && !['REFUSED', 'FAILED', 'JOINED'].includes(state)) return operation
  }
  return undefined
}

const narrowed = z.object({
  checkpoint: z.object({ parameters: z.object({ resources: z.array(z.string()) }) }),
})

/** No list of resources means all of the vault. */
function covers(theirs: Grant['resources'], ours: Grant['resources']): boolean {
  return theirs === null || ours?.every((id) => theirs.includes(id)) === true
}

function resourcesOf({ request }: LedgerRecord): Grant['resources'] {
  return z.safeParse(narrowed, request).data?.checkpoint.parameters.resources ?? null
}
