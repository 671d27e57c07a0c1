import { expect, it } from 'vitest'
import { type Dice, rollDice } from './dice.ts'
import { isUsable } from './judge.ts'
import { readMicros } from './micros.ts'
import { isMissing, isStale, recoveryPoint } from './recovery.ts'
import { look, type Seen } from './seen.ts'
import { readTerms, type Terms } from './terms.ts'
import { AS_OF, backup, fleetOf, project } from './tiny.ts'
import type { Truth } from './truth.ts'

const terms = readTerms(readMicros(AS_OF) ?? 0n, undefined)

it('letting the doubtful backups be usable one at a time answers like letting them be in all combinations', () => {
  const dice = rollDice(1)
  const answers = new Set<string>()
  for (let round = 0; round < 1500; round += 1) {
    const backups = someBackups(dice)
    const points = worldsOf(backups).map((world) => recoveryPoint(world, terms))
    const stale = agree(
      points.map((point) => point !== undefined && point.createdAt <= terms.asOf - terms.maxAge),
    )
    const missing = agree(points.map((point) => point === undefined))
    expect([isStale(backups, terms), isMissing(backups, terms)]).toEqual([stale, missing])
    answers.add(`${stale} ${missing}`)
  }
  expect([...answers].sort()).toEqual([
    'no no',
    'no unknown',
    'no yes',
    'unknown no',
    'unknown unknown',
    'yes no',
  ])
})

function agree(answers: readonly boolean[]): Truth {
  if (answers.includes(true) && answers.includes(false)) return 'unknown'
  return answers.includes(true) ? 'yes' : 'no'
}

/** Every way in which the doubt could be resolved: each doubtful backup usable or not, a copy or not. */
function worldsOf(backups: readonly Seen[]): Seen[][] {
  return backups.reduce<Seen[][]>(
    (worlds, seen) => worlds.flatMap((world) => resolutionsOf(seen, terms).map((one) => [...world, ...one])),
    [[]],
  )
}

function resolutionsOf(seen: Seen, terms: Terms): Seen[][] {
  const usable = isUsable(seen, terms)
  if (usable === 'no') return [[]]
  const known = typeof seen.wire.image_type === 'string'
  const roles = known ? [seen.wire.image_type] : ['backup', 'replication']
  const usableAs = roles.map((image_type) => [
    { ...seen, wire: { ...seen.wire, image_type, expired_at: null } },
  ])
  return usable === 'yes' ? usableAs : [[], ...usableAs]
}

function someBackups(dice: Dice): readonly Seen[] {
  const backups = Array.from({ length: dice.below(6) }, (_, index) =>
    backup(`b${index}`, {
      created_at: dice.pick([
        '2025-06-01T08:00:00',
        '2025-05-31T10:00:00',
        '2025-05-31T10:00:00.000001',
        '2025-05-20T00:00:00',
      ]),
      image_type: dice.pick(['backup', 'replication', 'replication', null]),
      expired_at: dice.pick([null, null, 'never', '2025-05-30T00:00:00']),
    }),
  )
  return look(fleetOf([project({ backups })]), terms.asOf).backups
}
