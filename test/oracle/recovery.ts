import { isUsable } from './judge.ts'
import type { Seen } from './seen.ts'
import type { Terms } from './terms.ts'
import { sure, type Truth } from './truth.ts'

/** A backup that counts as usable, in one of two roles. */
interface Point {
  readonly seen: Seen
  readonly isCopy: boolean
}

/** The newest of some backups; of equally new ones the lowest id. */
export function newest(backups: readonly Seen[]): Seen | undefined {
  return backups.find((one) =>
    backups.every(
      (other) => other.createdAt < one.createdAt || (other.createdAt === one.createdAt && other.id >= one.id),
    ),
  )
}

/** Whether a backup is a copy, as far as is known. */
export function isCopy(seen: Seen): boolean {
  return seen.wire.image_type === 'replication'
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

function choose(points: readonly Point[]): Seen | undefined {
  const originals = points.filter((point) => !point.isCopy).map((point) => point.seen)
  const copies = points.filter((point) => point.isCopy).map((point) => point.seen)
  return newest(originals) ?? newest(copies)
}

function certain(backups: readonly Seen[], terms: Terms): Point[] {
  return backups
    .filter((seen) => isUsable(seen, terms) === 'yes')
    .map((seen) => ({ seen, isCopy: isCopy(seen) }))
}

// The point that counts is always one backup, so it is enough to let the doubtful ones be usable one at a time.
function inEveryWorld(
  backups: readonly Seen[],
  terms: Terms,
  question: (point: Seen | undefined) => boolean,
): Truth {
  const sureOnes = certain(backups, terms)
  const doubtful = backups.filter((seen) => isUsable(seen, terms) === 'unknown')
  const worlds = [sureOnes, ...doubtful.flatMap(rolesOf).map((point) => [...sureOnes, point])]
  const answers = worlds.map((world) => question(choose(world)))
  return answers.every((answer) => answer === answers[0]) ? sure(answers[0] === true) : 'unknown'
}

// A backup whose image_type cannot be read may be a copy or none; of a DCS record nothing is a copy.
function rolesOf(seen: Seen): Point[] {
  if (seen.service === 'dcs') return [{ seen, isCopy: false }]
  if (typeof seen.wire.image_type === 'string') return [{ seen, isCopy: isCopy(seen) }]
  return [
    { seen, isCopy: false },
    { seen, isCopy: true },
  ]
}
