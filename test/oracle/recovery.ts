import { isUsable } from './judge.ts'
import type { Seen } from './seen.ts'
import type { Terms } from './terms.ts'
import { sure, type Truth } from './truth.ts'

/** The newest of some backups; of equally new ones the lowest id. */
export function newest(backups: readonly Seen[]): Seen | undefined {
  return backups.find((one) =>
    backups.every(
      (other) => other.createdAt < one.createdAt || (other.createdAt === one.createdAt && other.id >= one.id),
    ),
  )
}

/** Whether a backup says that it is a copy. */
export function isCopy(seen: Seen): boolean {
  return seen.service === 'cbr' && seen.wire.image_type === 'replication'
}

/** The recovery point whose age counts, of those backups that are certainly usable. */
export function recoveryPoint(backups: readonly Seen[], terms: Terms): Seen | undefined {
  return choose(certain(backups, terms))
}

/** Whether a resource has a recovery point that is too old. */
export function isStale(backups: readonly Seen[], terms: Terms): Truth {
  return inEveryWorld(
    backups,
    terms,
    (point) => point !== undefined && point.createdAt <= terms.asOf - terms.maxAge,
  )
}

/** Whether a resource has no recovery point. */
export function isMissing(backups: readonly Seen[], terms: Terms): Truth {
  return inEveryWorld(backups, terms, (point) => point === undefined)
}

function withKinds(world: readonly Seen[]): readonly (readonly Seen[])[] {
  const kindless = world.filter((seen) => seen.service === 'cbr' && typeof seen.wire.image_type !== 'string')
  const allBut = (own: Seen | undefined) =>
    world.map((seen) =>
      kindless.includes(seen) && seen !== own
        ? { ...seen, wire: { ...seen.wire, image_type: 'replication' } }
        : seen,
    )
  return [undefined, ...kindless].map(allBut)
}

function choose(usable: readonly Seen[]): Seen | undefined {
  return newest(usable.filter((seen) => !isCopy(seen))) ?? newest(usable.filter(isCopy))
}

function certain(backups: readonly Seen[], terms: Terms): Seen[] {
  return backups.filter((seen) => isUsable(seen, terms) === 'yes')
}

// The point that counts is always one backup, so it is enough to let the doubtful ones be usable one at a time, and those whose
// image_type cannot be read be all copies, or all but one.
function inEveryWorld(
  backups: readonly Seen[],
  terms: Terms,
  question: (point: Seen | undefined) => boolean,
): Truth {
  const sureOnes = certain(backups, terms)
  const doubtful = backups.filter((seen) => isUsable(seen, terms) === 'unknown')
  const worlds = [sureOnes, ...doubtful.map((seen) => [...sureOnes, seen])].flatMap(withKinds)
  const answers = worlds.map((world) => question(choose(world)))
  return answers.every((answer) => answer === answers[0]) ? sure(answers[0] === true) : 'unknown'
}
