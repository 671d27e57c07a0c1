import { formatTime, hoursBetween, type Instant } from '../time.ts'
import type { Completeness } from './completeness.ts'
import type { Conclusion } from './conclude.ts'
import type { DeltaTally, EarlierAudit } from './delta.ts'
import { SCHEMA_VERSION, type Summary } from './record.ts'
import type { Scope } from './scope.ts'

/** What a summary is made of. */
export interface SummaryParts {
  readonly auditId: string
  readonly asOf: Instant
  readonly startedAt: Instant
  readonly finishedAt: Instant
  readonly scope: Scope | undefined
  readonly conclusion: Conclusion
  readonly completeness: Completeness
  readonly findings: Summary['findings']
  readonly delta: { readonly earlier: EarlierAudit | undefined; readonly tally: DeltaTally }
  readonly operations: Summary['operations']
  /** The folder of the report: a path or an s3 URL. */
  readonly report: string
}

/** Puts a summary together, in the words and the order of the contract's section 4. */
export function toSummary(parts: SummaryParts): Summary {
  const { conclusion, completeness, delta } = parts
  return {
    schema_version: SCHEMA_VERSION,
    audit_id: parts.auditId,
    as_of: formatTime(parts.asOf),
    started_at: formatTime(parts.startedAt),
    finished_at: formatTime(parts.finishedAt),
    verdict: completeness.verdict,
    incomplete_because: completeness.incompleteBecause,
    scope: parts.scope ?? null,
    backups: conclusion.backups,
    resources: conclusion.resourceCount,
    targets: completeness.targets,
    findings: parts.findings,
    unknown: conclusion.unknown,
    delta: {
      previous_audit_id: delta.earlier?.auditId ?? null,
      span_hours: delta.earlier === undefined ? null : hoursBetween(delta.earlier.asOf, parts.asOf),
      ...delta.tally,
    },
    operations: parts.operations,
    report: parts.report,
  }
}
