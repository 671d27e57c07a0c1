import { Fault } from '../errors.ts'
import { keyOf } from '../key-of.ts'
import { putVersion } from '../store/put-version.ts'
import type { Store } from '../store/store.ts'
import { after, before, type Duration, formatTime, hours, type Instant } from '../time.ts'
import { type Asked, askedBy, leavesOut } from './asked.ts'
import { type Grant, guardKey, isSpent, readGuard, type VaultGuard, writeGuard } from './guard.ts'
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
 * Asks the guard of a vault. An operation joins one that covers what it asks for, and is still to be sent or began at most
 * `minInterval` before the request; otherwise it is granted, or parked until its turn. Asked again before anything is sent, the guard says the same.
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
    const own = guard.grants.find(({ operation }) => operation === record.operation)
    if (own !== undefined && !isSpent(own, record)) return { kind: 'granted' }
    const standings = await standingsIn(store, guard)
    const { admission, next } = decide(limits, withoutSpent(guard, standings), standings, record, now)
    const content = writeGuard(next)
    if (content === writeGuard(guard) || (await putVersion(store, key, content, stored?.version)))
      return admission
  }
  throw new Fault('unavailable', `Cannot ask the guard of this vault: ${key} kept changing`)
}

/** How each operation stands that the guard knows; those that the ledger does not hold are not in it. */
type Standings = ReadonlyMap<string, LedgerRecord>

async function standingsIn(store: Store, { grants, waiting }: VaultGuard): Promise<Standings> {
  const known = [...grants, ...waiting].map(({ operation }) => readStanding(store, operation))
  return new Map(
    (await Promise.all(known)).flatMap((standing) => (standing ? [[standing.operation, standing]] : [])),
  )
}

/** What is spent counts no longer; where it is still to be sent it waits. */
function withoutSpent({ grants, waiting }: VaultGuard, standings: Standings): VaultGuard {
  const isOver = (grant: Grant) => {
    const standing = standings.get(grant.operation)
    return standing !== undefined && isSpent(grant, standing)
  }
  const unsent = grants.filter((one) => isOver(one) && isToBeSent(standings.get(one.operation)))
  return { grants: grants.filter((one) => !isOver(one)), waiting: [...waiting, ...unsent] }
}

function decide(
  limits: Limits,
  { grants, waiting }: VaultGuard,
  standings: Standings,
  record: LedgerRecord,
  now: Instant,
): { readonly admission: Admission; readonly next: VaultGuard } {
  const { operation, attempt } = record
  const asked = askedBy(record)
  const others = waiting.filter((one) => one.operation !== operation)
  const leader = findLeader(limits, { grants, waiting: others }, standings, record)
  if (leader !== undefined)
    return { admission: { kind: 'joined', to: leader }, next: { grants, waiting: others } }
  const kept = limits.minInterval > DAY ? limits.minInterval : DAY
  const recent = grants.filter(({ at }) => storedTime(at) > before(now, kept))
  const own = { operation, resources: asked === null ? null : [...asked], at: formatTime(now), attempt }
  const parked = turnOf(limits, recent, now)
  if (parked === undefined)
    return { admission: { kind: 'granted' }, next: { grants: [...recent, own], waiting: others } }
  const isWaiting = others.length < waiting.length
  return { admission: parked, next: { grants: recent, waiting: isWaiting ? waiting : [...waiting, own] } }
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
      ? `alerts may start ${limits.perVaultPerDay} checkpoints of a vault in 24 hours, and asked Huawei for as many`
      : `alerts asked Huawei for another checkpoint of this vault at ${formatTime(last ?? now)}`
  return { kind: 'parked', notBefore, because: `${because}; its turn comes at ${formatTime(notBefore)}` }
}

/** Another operation that does what this one asks for, and has not failed: the newest that began lately, or one that is still to be sent. */
function findLeader(
  { minInterval }: Limits,
  { grants, waiting }: VaultGuard,
  standings: Standings,
  record: LedgerRecord,
): string | undefined {
  const from = before(storedTime(record.received_at), minInterval)
  const asked = askedBy(record)
  const leader = [...grants.toReversed(), ...waiting].find(({ operation, resources, at }) => {
    const standing = standings.get(operation)
    // Another process may have gone on with this very operation meanwhile.
    if (operation === record.operation) return false
    if (standing === undefined || !covers(resources, asked)) return false
    // One that asks for all of the vault would be left the same again.
    if (asked !== null && leavesOut(standing, asked)) return false
    if (isToBeSent(standing)) return true
    return storedTime(at) > from && !['REFUSED', 'FAILED', 'JOINED'].includes(standing.state)
  })
  return leader?.operation
}

function isToBeSent(standing: LedgerRecord | undefined): boolean {
  return standing?.state === 'RECEIVED' || standing?.state === 'PARKED'
}

/** No list of resources means all of the vault. */
function covers(theirs: Asked, ours: Asked): boolean {
  const known = new Set(theirs?.map(keyOf))
  return theirs === null || ours?.every((id) => known.has(keyOf(id))) === true
}
