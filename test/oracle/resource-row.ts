import type { ExpectedFinding, ExpectedResource, Severity } from './expected.ts'
import type { Resource } from './homes.ts'
import { isUsable } from './judge.ts'
import { hoursBetween, readMicros, writeReportTime } from './micros.ts'
import { isCopy, recoveryPoint } from './recovery.ts'
import type { Terms } from './terms.ts'

const WORST_FIRST: readonly Severity[] = ['critical', 'high', 'medium', 'low']

/** The row of a resource, once all findings are known. */
export function expectResource(
  resource: Resource,
  findings: readonly ExpectedFinding[],
  terms: Terms,
): ExpectedResource {
  const { backups, ...columns } = resource
  const usable = backups.filter((seen) => isUsable(seen, terms) === 'yes')
  const point = recoveryPoint(backups, terms)
  const copies = backups.filter(isCopy)
  const own = findings.filter(
    (finding) => finding.service === resource.service && finding.resource_id === resource.resource_id,
  )
  const [nextExpiry] = usable
    .flatMap((seen) => (seen.service === 'cbr' ? (readMicros(seen.wire.expired_at) ?? []) : []))
    .sort((a, b) => (a < b ? -1 : 1))
  return {
    ...columns,
    backups: backups.length,
    usable: usable.length,
    last_usable_backup_id: point?.id ?? null,
    last_usable_at: point === undefined ? null : writeReportTime(point.createdAt),
    age_hours: point === undefined ? null : hoursBetween(point.createdAt, terms.asOf),
    next_expiry_at: nextExpiry === undefined ? null : writeReportTime(nextExpiry),
    copies: copies.length,
    copy_regions: [...new Set(copies.map((seen) => seen.region))].sort().join(';'),
    worst_severity:
      WORST_FIRST.find((severity) => own.some((finding) => finding.severity === severity)) ?? null,
    findings: own.length,
  }
}
