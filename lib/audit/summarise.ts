import { type Control, SEVERITIES } from './control.ts'
import { NumberTable } from './number-table.ts'
import { compareText } from './order.ts'
import type { Finding, ResourceRow, Summary } from './record.ts'
import { ResourceIndex } from './resource-index.ts'

const MOST_REASONS = 20

/** Counts findings as they pass by, in 24 bytes for each resource that they belong to. */
export interface FindingTally {
  readonly add: (finding: Finding) => void
  /** The member `findings` of the summary. */
  readonly findings: () => Summary['findings']
  /** A row with `worst_severity` and `findings` filled in. */
  readonly counted: (row: ResourceRow) => ResourceRow
}

/** Begins to count; every control and severity is there from the start, with 0. */
export function createTally(controls: readonly Control[]): FindingTally {
  const byControl = zeros(controls)
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 }
  const table = new NumberTable()
  const resources = new ResourceIndex(table)
  const [counts, ranks] = [table.column(), table.column()]
  let [total, muted] = [0, 0]
  return {
    add: (finding) => {
      total += 1
      if (finding.muted) muted += 1
      byControl[finding.control] = (byControl[finding.control] ?? 0) + 1
      bySeverity[finding.severity] += 1
      if (finding.resource_id === null) return
      const resource = resources.numberOf(finding.service, finding.resource_id)
      const rank = SEVERITIES.indexOf(finding.severity)
      ranks.set(resource, counts.at(resource) === 0 ? rank : Math.min(ranks.at(resource), rank))
      counts.set(resource, counts.at(resource) + 1)
    },
    findings: () => ({ total, by_control: { ...byControl }, by_severity: { ...bySeverity }, muted }),
    counted: (row) => {
      const resource = resources.find(row.service, row.resource_id)
      if (resource === undefined) return row
      return { ...row, worst_severity: SEVERITIES[ranks.at(resource)] ?? null, findings: counts.at(resource) }
    },
  }
}

/** How often a control could not judge, and why. */
export interface UnknownCount {
  readonly control: string
  readonly because: string
  readonly count: number
}

/** The member `unknown` of the summary; equal reasons are counted together. */
export function summariseUnknown(
  controls: readonly Control[],
  counts: readonly UnknownCount[],
): Summary['unknown'] {
  const byControl = zeros(controls)
  const byReason = new Map<string, UnknownCount>()
  let total = 0
  for (const { control, because, count } of counts) {
    const key = `${control}\n${because}`
    byReason.set(key, { control, because, count: count + (byReason.get(key)?.count ?? 0) })
    byControl[control] = (byControl[control] ?? 0) + count
    total += count
  }
  const reasons = [...byReason.values()].sort((a, b) => b.count - a.count || compareReasons(a, b))
  return { total, by_control: byControl, because: reasons.slice(0, MOST_REASONS) }
}

function compareReasons(a: UnknownCount, b: UnknownCount): number {
  return compareText(a.control, b.control) || compareText(a.because, b.because)
}

function zeros(controls: readonly Control[]): Record<string, number> {
  return Object.fromEntries(controls.map(({ id }) => [id, 0]))
}
