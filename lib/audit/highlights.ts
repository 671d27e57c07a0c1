import { SEVERITIES, type Severity } from './control.ts'
import type { Finding, ResourceRow } from './record.ts'
import { isImpossible } from './restorability.ts'
import { Worst } from './worst.ts'

const MOST = 5

/** What somebody who has one minute should know. */
export interface Highlights {
  readonly unmuted: Readonly<Record<Severity, number>>
  /** The gravest unmuted findings, new ones first among equals. */
  readonly worst: readonly Finding[]
  /** How many resources have no recovery point because they cannot be backed up at all. */
  readonly impossible: number
}

/** What sees findings and resources pass by. */
export interface HighlightsWatch {
  readonly addFinding: (finding: Finding) => void
  readonly addResource: (row: ResourceRow) => void
  readonly read: () => Highlights
}

/** Watches findings and resources pass by and keeps the little that matters most. */
export function watchHighlights(): HighlightsWatch {
  const unmuted = { critical: 0, high: 0, medium: 0, low: 0 } satisfies Record<Severity, number>
  const worst = new Worst(MOST, compare)
  let impossible = 0
  return {
    addFinding: (finding) => {
      if (finding.muted) return
      unmuted[finding.severity] += 1
      worst.add(finding)
    },
    addResource: (row) => {
      if (isImpossible(row)) impossible += 1
    },
    read: () => ({ unmuted: { ...unmuted }, worst: worst.list(), impossible }),
  }
}

function compare(left: Finding, right: Finding): number {
  return (
    SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
    Number(left.delta === 'persisting') - Number(right.delta === 'persisting') ||
    (left.finding_id < right.finding_id ? -1 : 1)
  )
}
