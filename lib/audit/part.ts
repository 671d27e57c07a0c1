import type { Target } from '../backup.ts'
import type { History, WholeHistory } from './history.ts'
import type { Finding } from './record.ts'
import type { ScopeKey } from './scope.ts'

/** How often a control could not judge for the same reason: a fingerprint for each backup. */
export interface OpenQuestion {
  readonly control: string
  readonly because: string
  readonly prints: readonly number[]
}

/** A control that could not judge a child; it counts only where the child is not listed itself. */
export interface ChildQuestion extends Target {
  readonly control: string
  readonly because: string
  readonly backupId: string
}

/** The histories of resources; without fingerprints where nothing is to be merged: they are most of what it takes to put one together. */
export interface PartHistories extends Iterable<WholeHistory> {
  readonly summed: () => Iterable<History>
}

/**
 * What was learned from some of the observations of an audit: data, good for JSON entry by entry, sorted, so that equal
 * observations make equal parts. Parts merge in any order to what one reading of everything would have told.
 */
export interface Part {
  readonly targets: readonly Target[]
  /** Of listed backups, final but for the comparison with earlier audits. Sorted by `finding_id`, and as often as somebody asks; many are made only then. */
  readonly findings: Iterable<Finding>
  /** Of children; they fall away where the child turns out to be listed itself. */
  readonly childFindings: readonly Finding[]
  readonly questions: readonly OpenQuestion[]
  readonly childQuestions: readonly ChildQuestion[]
  /** Sorted by service and resource, and as often as somebody asks; many are put together only then. */
  readonly histories: PartHistories
  /** The fingerprints of backups that belong to no resource. */
  readonly strays: readonly number[]
  /** The fingerprints of backups that lie in the scope; none where the audit has no scope. */
  readonly scoped: readonly number[]
  /** The fingerprints of resources that something in the scope holds, whatever else does; none where the audit has no scope. */
  readonly held: readonly number[]
  /** What of the scope was met at all. */
  readonly sighted: readonly ScopeKey[]
}
