import type { Store } from '../store/store.ts'
import { type Duration, hours, type Instant } from '../time.ts'
import { readTurn, type Turn, writeTurn } from './turn-record.ts'

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

const BEAT_EVERY: Duration = hours(1 / 60)

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
