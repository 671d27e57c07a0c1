import type { Dice } from './dice.ts'
import { HOUR, type Micros, type Notation, writeMicros } from './micros.ts'
import type { WireObject } from './wire.ts'

/** What all parts of a fleet are drawn from: chance, the moment, and the thresholds that matter at that moment. */
export interface Scene {
  readonly dice: Dice
  readonly asOf: Micros
  readonly policy: WireObject | undefined
  readonly expiredGrace: Micros
  readonly replicationGrace: Micros
  readonly stuckAfter: Micros
  readonly maxAge: Micros
}

const NOTATIONS: readonly Notation[] = ([6, 3, 0] as const).flatMap((digits) =>
  (['', '', 'Z', '+00:00', '+08:00'] as const).map((zone) => ({ digits, zone })),
)

// A leap day, the turns of a year and of a month, and an ordinary noon; all of them past.
const MOMENTS = [
  '2024-02-29T00:00:00Z',
  '2025-01-01T00:00:00Z',
  '2025-06-15T12:00:00Z',
  '2025-10-31T23:59:59Z',
]

/** Sets the scene of a seed. */
export function setScene(dice: Dice): Scene {
  const whole = BigInt(Date.parse(dice.pick(MOMENTS))) * 1000n
  const asOf = whole + dice.pick([0n, 0n, 0n, 250_000n, 123_456n, 999_999n])
  const hours = {
    expired: dice.pick([0, 0, 1, 24]),
    replication: dice.pick([24, 24, 0, 1, 48]),
    stuck: dice.pick([6, 6, 1, 12]),
    maxAge: dice.pick([26, 26, 6, 50]),
  }
  const required = dice.pick(['all', 'all', 'all', 'auto', 'auto', 'none'])
  const isDefault = dice.chance(0.2)
  const [expired, replication, stuck, maxAge] = isDefault
    ? [0, 24, 6, 26]
    : [hours.expired, hours.replication, hours.stuck, hours.maxAge]
  return {
    dice,
    asOf,
    policy: isDefault ? undefined : writePolicy(hours, required),
    expiredGrace: BigInt(expired) * HOUR,
    replicationGrace: BigInt(replication) * HOUR,
    stuckAfter: BigInt(stuck) * HOUR,
    maxAge: BigInt(maxAge) * HOUR,
  }
}

function writePolicy(
  hours: { expired: number; replication: number; stuck: number; maxAge: number },
  required: string,
): WireObject {
  // What equals a default is left out, so that partial documents occur too.
  return {
    ...(hours.expired === 0 ? {} : { expired: { grace: `${hours.expired}h` } }),
    replication: {
      ...(hours.replication === 24 ? {} : { grace: `${hours.replication}h` }),
      ...(required === 'all' ? {} : { required }),
    },
    ...(hours.stuck === 6 ? {} : { stuck: { after: `${hours.stuck}h` } }),
    ...(hours.maxAge === 26 ? {} : { recovery_point: { max_age: `${hours.maxAge}h` } }),
  }
}

/** Spells a moment in one of the notations that lose nothing of it. */
export function stamp({ dice }: Scene, at: Micros): string {
  return writeMicros(at, dice.pick(NOTATIONS.filter(({ digits }) => at % 10n ** BigInt(6 - digits) === 0n)))
}

/** A moment exactly at an edge, or a microsecond before or after it. */
export function edge({ dice }: Scene, at: Micros): Micros {
  return at + dice.pick([-1n, 0n, 0n, 1n])
}

/** A moment up to so many hours after another, with whole seconds, milliseconds or microseconds. */
export function within({ dice }: Scene, from: Micros, hours: number): Micros {
  const at = from + BigInt(dice.below(hours * 3600)) * 1_000_000n + BigInt(dice.below(1_000_000))
  const grain = dice.pick([1n, 1000n, 1_000_000n])
  return at - (at % grain)
}

/** When a backup may have been created: at an edge that some control asks for, lately, long ago, or after `as_of`. */
export function someCreation(scene: Scene): Micros {
  const { dice, asOf } = scene
  const kind = dice.below(10)
  if (kind < 3) {
    const back = dice.pick([0n, scene.replicationGrace, scene.stuckAfter, scene.maxAge])
    return edge(scene, asOf - back)
  }
  if (kind < 6) return within(scene, asOf - 5n * HOUR, 5)
  if (kind < 9) return within(scene, asOf - 240n * HOUR, 240)
  return within(scene, asOf + 1n, 3)
}

/** When a backup may expire: at an edge, in the past, in the future, or never (null). */
export function someExpiry(scene: Scene): Micros | null {
  const { dice, asOf } = scene
  const kind = dice.below(10)
  if (kind < 3) return edge(scene, asOf - dice.pick([0n, scene.expiredGrace]))
  if (kind < 4) return within(scene, asOf - 200n * HOUR, 200)
  if (kind < 7) return within(scene, asOf + HOUR, 900)
  return null
}
