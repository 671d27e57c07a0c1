import { recoveryPointMissing } from './controls/recovery-point-missing.ts'
import type { ResourceRow, Summary } from './record.ts'

/** Whether everything could be restored, as far as an audit has shown it. */
export type Restorability =
  /** Not everything was read; of what was, so many resources lack a recovery point, and so many cases could not be judged. */
  | { readonly kind: 'incomplete'; readonly missing: number; readonly cases: number }
  | { readonly kind: 'lacking'; readonly missing: number }
  /** Huawei did not say enough, in so many cases; cases that are of no resource are among them. */
  | { readonly kind: 'unknown'; readonly cases: number; readonly resources: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'impossible' }
  | { readonly kind: 'yes'; readonly able: number; readonly impossible: number }

/** What is counted of resources, beside the summary. */
export interface ResourceCounts {
  readonly impossible: number
  /** Of which it is unknown whether they have a recovery point. */
  readonly unknown: number
}

/** Decides it: yes only where that was shown. */
export function restorabilityOf(summary: Summary, { impossible, unknown }: ResourceCounts): Restorability {
  const { verdict, resources } = summary
  const missing = summary.findings.by_control[recoveryPointMissing.id] ?? 0
  const cases = summary.unknown.by_control[recoveryPointMissing.id] ?? 0
  if (verdict === 'incomplete') return { kind: 'incomplete', missing, cases }
  if (missing > 0) return { kind: 'lacking', missing }
  if (cases > 0 || unknown > 0) return { kind: 'unknown', cases, resources: unknown }
  if (resources === 0) return { kind: 'empty' }
  if (impossible === resources) return { kind: 'impossible' }
  return { kind: 'yes', able: resources - impossible, impossible }
}

/** Whether a resource has no recovery point because it cannot be backed up at all. */
export function isImpossible({ can_be_backed_up, usable }: ResourceRow): boolean {
  return can_be_backed_up === false && usable === 0
}
