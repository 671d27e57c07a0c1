import * as z from 'zod/mini'
import { sha256 } from '../digest.ts'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import type { Store } from '../store/store.ts'
import { before, type Duration, formatTime, hours, type Instant, parseTime } from '../time.ts'
import type { AuditOrder } from './audit-order.ts'

/** Whose turn it is to audit what several may ask for; one object for all of them. */
interface Turn {
  readonly operation: string
  /** When this run began, and when it was last heard of. */
  readonly beganAt: Instant
  readonly beatAt: Instant
  /** When the first run of this operation began, and how many there were. */
  readonly firstAt: Instant
  readonly runs: number
  readonly end: 'none' | 'published' | 'failed'
}

/** What one who wants to audit is told. */
export type Admitted =
  | { readonly kind: 'yours'; readonly turn: TurnTicket }
  /** Another audits the same, and began after this was asked for. */
  | { readonly kind: 'joined'; readonly to: string }
  /** One is under way that began too early, or is this very one. */
  | { readonly kind: 'wait'; readonly for: string }
  | { readonly kind: 'given up'; readonly because: string }

/** A turn that was taken, as plain data: whoever goes on with the run holds it again. */
export interface TurnTicket extends Turn {
  readonly key: string
}

/** The turn of a run that is under way. */
export interface HeldTurn {
  /** Tells that the run is alive; never fails, never waits. */
  readonly beat: () => void
  readonly end: (how: 'published' | 'failed') => Promise<void>
}

/** Who asks, and for what. */
export interface TurnRequest {
  readonly operation: string
  /** What others must ask for too to join: made by `turnNameOf`. */
  readonly name: string
  readonly requestedAt: Instant
}

/** Longer than Lambda lets a run go on, or a healthy run is silent. */
const LEASE: Duration = hours(16 / 60)
const BEAT_EVERY: Duration = hours(1 / 60)
const FEWEST_RUNS = 3
const GIVEN_UP_AFTER: Duration = hours(1)
const MOST_TRIES = 20

const turnSchema = z.object({
  schema_version: z.literal(1),
  operation: z.string(),
  began_at: z.string(),
  beat_at: z.string(),
  first_at: z.string(),
  runs: z.number(),
  end: z.enum(['none', 'published', 'failed']),
})

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
    const isOurs =
      stored === undefined
        ? await store.putIfAbsent(key, writeTurn(turn))
        : await store.replaceIfUnchanged(key, writeTurn(turn), stored.version)
    if (isOurs) return { kind: 'yours', turn: { key, ...turn } }
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
  if (turn.end === 'failed' || !(isAlive || turn.end === 'published')) return undefined
  if (turn.beganAt >= requestedAt) return { kind: 'joined', to: turn.operation }
  return isAlive ? { kind: 'wait', for: turn.operation } : undefined
}

function begin(standing: Turn | undefined, operation: string, now: Instant): Turn {
  const fresh = { operation, beganAt: now, beatAt: now, end: 'none' } as const
  return standing?.operation === operation
    ? { ...fresh, firstAt: standing.firstAt, runs: standing.runs + 1 }
    : { ...fresh, firstAt: now, runs: 1 }
}

/** Holds a turn that was taken. */
export function holdTurn(store: Store, { key, ...begun }: TurnTicket, now: () => Instant): HeldTurn {
  let turn: Turn = begun
  let writing: Promise<unknown> = Promise.resolve()
  const write = (next: Turn) => {
    turn = next
    writing = writing.then(() => replaceOwn(store, key, next))
    return writing
  }
  return {
    beat: () => {
      if (now() - turn.beatAt < BEAT_EVERY) return
      // A beat that is lost is one beat; the store says at the end what is wrong with it.
      write({ ...turn, beatAt: now() }).catch(() => {})
      writing = writing.catch(() => {})
    },
    end: async (how) => {
      await write({ ...turn, beatAt: now(), end: how })
    },
  }
}

/** Whoever took the turn after us, because we were not heard of, keeps it. */
async function replaceOwn(store: Store, key: string, turn: Turn): Promise<void> {
  const stored = await store.get(key)
  if (stored === undefined) return
  const { operation, runs } = readTurn(key, stored.bytes)
  if (operation === turn.operation && runs === turn.runs)
    await store.replaceIfUnchanged(key, writeTurn(turn), stored.version)
}

function writeTurn({ operation, beganAt, beatAt, firstAt, runs, end }: Turn): string {
  const times = {
    began_at: formatTime(beganAt),
    beat_at: formatTime(beatAt),
    first_at: formatTime(firstAt),
  }
  return `${JSON.stringify({ schema_version: 1, operation, ...times, runs, end }, null, 2)}\n`
}

function readTurn(key: string, bytes: Uint8Array): Turn {
  const { data } = z.safeParse(turnSchema, parseJson(bytes))
  const [beganAt, beatAt, firstAt] = [data?.began_at, data?.beat_at, data?.first_at].map((text) =>
    text === undefined ? undefined : parseTime(text),
  )
  if (data === undefined || beganAt === undefined || beatAt === undefined || firstAt === undefined)
    throw new Fault('unavailable', `Cannot read the ledger: ${key} is no turn of version 1`)
  return { operation: data.operation, beganAt, beatAt, firstAt, runs: data.runs, end: data.end }
}
