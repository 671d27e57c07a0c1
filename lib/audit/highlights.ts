import { SEVERITIES, type Severity } from './control.ts'
import type { Finding } from './record.ts'

/** What somebody who has one minute should know. */
export interface Highlights {
  readonly unmuted: Readonly<Record<Severity, number>>
  /** The gravest unmuted findings, new ones first among equals. */
  readonly worst: readonly Finding[]
}

/** Watches findings pass by and keeps the few that matter most. */
export function watchHighlights(most = 5): { add: (finding: Finding) => void; read: () => Highlights } {
  const unmuted = { critical: 0, high: 0, medium: 0, low: 0 } satisfies Record<Severity, number>
  let worst: readonly Finding[] = []
  return {
    add: (finding) => {
      if (finding.muted) return
      unmuted[finding.severity] += 1
      const last = worst.at(-1)
      if (last !== undefined && worst.length === most && compare(finding, last) >= 0) return
      worst = [...worst, finding].sort(compare).slice(0, most)
    },
    read: () => ({ unmuted: { ...unmuted }, worst }),
  }
}

function compare(left: Finding, right: Finding): number {
  return (
    SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
    Number(left.delta === 'persisting') - Number(right.delta === 'persisting') ||
    (left.finding_id < right.finding_id ? -1 : 1)
  )
}
