import { SEVERITIES, type Severity } from '../../audit/control.ts'
import type { Finding } from '../../audit/record.ts'

/** How many findings there are: those that nobody has muted by severity, and all. */
export interface Tally {
  readonly open: Record<Severity, number>
  muted: number
  total: number
}

/** A tally of nothing. */
export function emptyTally(): Tally {
  return { open: { critical: 0, high: 0, medium: 0, low: 0 }, muted: 0, total: 0 }
}

/** Counts a finding in. */
export function tallyUp(tally: Tally, { muted, severity }: Finding): void {
  tally.total += 1
  if (muted) tally.muted += 1
  else tally.open[severity] += 1
}

/** Negative where the first is worse: more of the worst severity, else of the next. */
export function compareTallies(one: Tally, other: Tally): number {
  for (const severity of SEVERITIES) {
    const difference = other.open[severity] - one.open[severity]
    if (difference !== 0) return difference
  }
  return other.total - one.total
}

/** Negative where the first is the worse severity; none at all comes last. */
export function compareSeverities(one: Severity | null, other: Severity | null): number {
  return rank(one) - rank(other)
}

/** Order by UTF-16 unit, as `<` has it: the same on every machine, and faster than by code point. */
export function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function rank(severity: Severity | null): number {
  return severity === null ? SEVERITIES.length : SEVERITIES.indexOf(severity)
}
