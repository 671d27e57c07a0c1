import type { ResourceRow } from '../../audit/record.ts'
import { isImpossible } from '../../audit/restorability.ts'
import { Worst } from '../../audit/worst.ts'
import { type FindingsCount, resourceKey } from './digest-findings.ts'
import { compareSeverities, compareTexts } from './tally.ts'

/** What a resource could be restored from, worst first. */
export const READINESS = ['missing', 'stale', 'unknown', 'impossible', 'ready'] as const
export type Readiness = (typeof READINESS)[number]

/** A resource with what it could be restored from. */
export interface ShownResource {
  readonly row: ResourceRow
  readonly readiness: Readiness
}

/** The resources as far as the page shows them, with the counts of all. */
export interface ResourcesDigest {
  /** Worst first. */
  readonly shown: readonly ShownResource[]
  readonly readiness: Readonly<Record<Readiness, number>>
}

const MAX_RESOURCES = 500

/** The resources while they pass by, when all findings have. */
export interface ResourcesCount {
  readonly add: (row: ResourceRow) => void
  readonly digest: () => ResourcesDigest
}

/** Begins to count resources, in flat memory. */
export function countResources(findings: Pick<FindingsCount, 'isMissing' | 'isStale'>): ResourcesCount {
  const readiness: Record<Readiness, number> = { missing: 0, stale: 0, unknown: 0, impossible: 0, ready: 0 }
  const worst = new Worst(MAX_RESOURCES, compareResources)
  return {
    add: (row) => {
      const resource = { row, readiness: readinessOf(row, findings) }
      readiness[resource.readiness] += 1
      worst.add(resource)
    },
    digest: () => ({ shown: worst.list(), readiness }),
  }
}

function readinessOf(
  row: ResourceRow,
  { isMissing, isStale }: Parameters<typeof countResources>[0],
): Readiness {
  const key = resourceKey(row.service, row.resource_id)
  if (isMissing(key)) return 'missing'
  if (isStale(key)) return 'stale'
  if (row.usable > 0) return 'ready'
  return isImpossible(row) ? 'impossible' : 'unknown'
}

function compareResources(one: ShownResource, other: ShownResource): number {
  return (
    READINESS.indexOf(one.readiness) - READINESS.indexOf(other.readiness) ||
    compareSeverities(one.row.worst_severity, other.row.worst_severity) ||
    (other.row.age_hours ?? 0) - (one.row.age_hours ?? 0) ||
    compareTexts(one.row.service, other.row.service) ||
    compareTexts(one.row.resource_id, other.row.resource_id)
  )
}
