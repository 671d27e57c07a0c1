import { sha256 } from '../digest.ts'
import { Fault } from '../errors.ts'
import { putVersion } from '../store/put-version.ts'
import type { Store } from '../store/store.ts'
import { before, type Duration, formatTime, hours, type Instant } from '../time.ts'
import type { AuditOrder } from './audit-order.ts'
import type { TurnTicket } from './hold-turn.ts'
import { readTurn, type Turn, writeTurn } from './turn-record.ts'

/** What one who wants to audit is told. */
export type Admitted =
  | { readonly kind: 'yours'; readonly turn: TurnTicket }
  /** Another audits the same, and began after this was asked for. */
  | { readonly kind: 'joined'; readonly to: string }
  /** One is under way that began too early, or is this very one. */
  | { readonly kind: 'wait'; readonly for: string }
  | { readonly kind: 'given up'; readonly because: string }

/** Who asks, and for what. */
export interface TurnRequest {
  readonly operation: string
  /** What others must ask for too to join: made by `turnNameOf`. */
  readonly name: string
  readonly requestedAt: Instant
}

/** Longer than Lambda lets a run go on, or a healthy run is silent. */
const LEASE: Duration = hours(16 / 60)
const FEWEST_RUNS = 3
const GIVEN_UP_AFTER: Duration = hours(1)
const MOST_TRIES = 20

/** Alerts that ask for the same audit share their turn; a person's request is his own. */
export function turnNameOf(operation: string, alertId: string | undefined, order: AuditOrder): string {
  if (alertId === undefined) return operation
  const { places, services, scope, asOf, previous } = order
  const targets = places.map(({ region, projectId }) => `${region}:${projectId ?? ''}`).sort()
  const wanted = JSON.stringify([targets, services.toSorted(), scope, asOf, previous])
  return `same-${sha256(wanted).slice(0, 32)}`
}

/** Asks for the turn; of several that ask at once exactly one gets it. */
export async function takeTurn(store: Store, request: TurnRequest, now: () => Instant): Promise<Admitted> {
  const key = `ledger/audit-turn/${request.name}.json`
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await store.get(key)
    const standing = stored === undefined ? undefined : readTurn(key, stored.bytes)
    const answer = standing === undefined ? undefined : answerTo(standing, request, now())
    if (answer !== undefined) return answer
    const turn = begin(standing, request.operation, now())
    if (await putVersion(store, key, writeTurn(turn), stored?.version))
      return { kind: 'yours', turn: { key, ...turn } }
  }
  throw new Fault('unavailable', `Cannot take a turn: ${key} kept changing`)
}

/** Undefined where the turn can be taken. */
function answerTo(turn: Turn, { operation, requestedAt }: TurnRequest, now: Instant): Admitted | undefined {
  const isAlive = turn.end === 'none' && turn.beatAt > before(now, LEASE)
  if (turn.operation === operation) {
    if (isAlive) return { kind: 'wait', for: operation }
    const isHopeless = turn.runs >= FEWEST_RUNS && turn.firstAt <= before(now, GIVEN_UP_AFTER)
    const since = formatTime(turn.firstAt)
    return isHopeless
      ? { kind: 'given up', because: `it was begun ${turn.runs} times since ${since} and never ended` }
      : undefined
  }
  if (!isAlive && turn.end !== 'published') return undefined
  if (turn.beganAt >= requestedAt) return { kind: 'joined', to: turn.operation }
  return isAlive ? { kind: 'wait', for: turn.operation } : undefined
}

function begin(standing: Turn | undefined, operation: string, now: Instant): Turn {
  const fresh = { operation, beganAt: now, beatAt: now, end: 'none' } as const
  return standing?.operation === operation
    ? { ...fresh, firstAt: standing.firstAt, runs: standing.runs + 1 }
    : { ...fresh, firstAt: now, runs: 1 }
}
