import type { Target } from '../backup.ts'
import { memoize } from '../memoize.ts'
import type { ScanOutcome, TargetReport } from '../scan.ts'
import type { Scanned } from './delta.ts'
import type { Unread } from './unseen.ts'

/** Whether an audit saw everything that it was to see, target by target. */
export interface Completeness extends Unread {
  readonly targets: readonly TargetReport[]
  readonly verdict: 'complete' | 'incomplete'
  /** A sentence for each gap, with its target. */
  readonly incompleteBecause: readonly string[]
  /** Whether a target was read to its proven end: only there may a finding that is gone be called resolved. */
  readonly scanned: Scanned
  /** Whether backups of that resource may exist that were not seen: there absence proves nothing. */
  readonly brokeOff: (target: Target, resourceId: string) => boolean
}

/** Targets named in one reason; `incompleteBecause` has them all. */
const MOST_NAMED = 5

/** A place of which nothing could be read, not even what there is. */
export type LostOutcome = Pick<ScanOutcome, 'report' | 'fault'>

/**
 * Says from the outcome of every target whether the audit saw everything: one gap anywhere, and it is incomplete.
 * Throws the first Fault where not one call to any target was answered: then there is nothing to report.
 */
export function assessCompleteness(
  outcomes: readonly ScanOutcome[],
  lost: readonly LostOutcome[],
  skipped: readonly TargetReport[],
): Completeness {
  requireSomethingRead([...outcomes, ...lost])
  const gaps = [
    ...outcomes.flatMap(({ report, incompleteBecause }) =>
      incompleteBecause.map((because) => [report, because] as const),
    ),
    ...lost.map(({ report }) => [report, report.note ?? 'could not be read'] as const),
  ]
  const targets = [...outcomes, ...lost].map(({ report }) => report)
  const complete = new Set(targets.filter(({ verdict }) => verdict === 'complete').map(keyOf))
  return {
    targets: [...targets, ...skipped].sort(compareTargets),
    verdict: gaps.length === 0 ? 'complete' : 'incomplete',
    incompleteBecause: gaps.map(([report, because]) => `${nameOf(report)}: ${because}`),
    scanned: (finding) => complete.has(keyOf(finding)),
    brokeOff: brokeOffIn(outcomes),
    ...unreadAmong(outcomes, lost),
  }
}

function requireSomethingRead(outcomes: readonly LostOutcome[]): void {
  const faults = outcomes.map(({ fault }) => fault)
  const [first] = faults
  if (first !== undefined && faults.every((fault) => fault !== undefined)) throw first
}

function brokeOffIn(outcomes: readonly ScanOutcome[]): Completeness['brokeOff'] {
  const byTarget = new Map(
    outcomes.map(({ report, unread }) => [keyOf(report), unread === 'all' ? unread : new Set(unread)]),
  )
  return ({ service, region, projectId }, resourceId) => {
    const unread = byTarget.get(keyOf({ service, region, project_id: projectId }))
    return unread === 'all' || unread?.has(resourceId) === true
  }
}

/** The list of a CBR target is one: it breaks off for all resources or for none. Asked for each of many resources, it is put into words once. */
function unreadAmong(outcomes: readonly ScanOutcome[], lost: readonly LostOutcome[]): Unread {
  const unread = [...outcomes.filter((outcome) => outcome.unread === 'all'), ...lost]
    .map(({ report }) => report)
    .filter(({ service }) => service === 'cbr')
    .sort(compareTargets)
  const describe = memoize((region) =>
    listed(unread.filter((target) => target.region !== region).map(nameOf)),
  )
  const regions = new Set(unread.map(({ region }) => region))
  // No target lies in a region without a name.
  return { unreadOutside: (region = '') => describe(region), isUnreadIn: (region) => regions.has(region) }
}

function listed(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const more = names.length - MOST_NAMED
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function nameOf({ service, region, project_id }: TargetReport): string {
  return `${service.toUpperCase()} of ${region}${project_id === '' ? '' : `/${project_id}`}`
}

function keyOf({
  service,
  region,
  project_id,
}: Pick<TargetReport, 'service' | 'region' | 'project_id'>): string {
  return `${service} ${region} ${project_id}`
}

function compareTargets(left: TargetReport, right: TargetReport): number {
  const [one, other] = [left, right].map(
    ({ service, region, project_id }) => `${region} ${project_id} ${service}`,
  )
  return (one ?? '') < (other ?? '') ? -1 : 1
}
