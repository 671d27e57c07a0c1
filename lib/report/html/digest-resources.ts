import type { AuditRecord, ResourceRow } from '../../audit/record.ts'
import { type FindingsDigest, resourceKey } from './digest-findings.ts'
import { keepWorst } from './keep-worst.ts'
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

/** Reads the resources once, with flat memory. */
export async function digestResources(
  { resources }: AuditRecord,
  findings: FindingsDigest,
): Promise<ResourcesDigest> {
  const readiness: Record<Readiness, number> = { missing: 0, stale: 0, unknown: 0, impossible: 0, ready: 0 }
  const worst = keepWorst(MAX_RESOURCES, compareResources)
  for await (const row of resources()) {
    const resource = { row, readiness: readinessOf(row, findings) }
    readiness[resource.readiness] += 1
    worst.add(resource)
  }
  return { shown: worst.list(), readiness }
}

function readinessOf(row: ResourceRow, { isMissing, isStale }: FindingsDigest): Readiness {
  const key = resourceKey(row.service, row.resource_id)
  if (isMissing(key)) return 'missing'
  if (isStale(key)) return 'stale'
  if (row.usable > 0) return 'ready'
  return row.can_be_backed_up === false ? 'impossible' : 'unknown'
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
