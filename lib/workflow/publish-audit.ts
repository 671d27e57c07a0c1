import { assessCompleteness, type Completeness } from '../audit/completeness.ts'
import { type Conclusion, conclude } from '../audit/conclude.ts'
import { CONTROLS } from '../audit/controls/index.ts'
import { type EarlierFinding, withDelta } from '../audit/delta.ts'
import { type Highlights, type HighlightsWatch, watchHighlights } from '../audit/highlights.ts'
import type { Gathered } from '../audit/judge-sources.ts'
import { mergeFindings } from '../audit/merge-findings.ts'
import { narrow } from '../audit/narrow.ts'
import type { Finding, ResourceRow, Summary } from '../audit/record.ts'
import { createTally, type FindingTally } from '../audit/summarise.ts'
import { toSummary } from '../audit/summary.ts'
import { standardFormats } from '../report/formats.ts'
import { publish } from '../report/publish.ts'
import type { Services } from '../runtime/services.ts'
import { formatTime } from '../time.ts'
import { type AuditPlan, termsOf } from './plan-audit.ts'

/** What all the reading came to, judged. */
export interface Judged {
  readonly completeness: Completeness
  readonly conclusion: Conclusion
}

/** A finished audit: its report is whole in the store. */
export interface AuditResult extends Highlights {
  readonly summary: Summary
}

/** What of a plan is needed once everything was read. */
export type ReadPlan = Pick<
  AuditPlan,
  'auditId' | 'startedAt' | 'asOf' | 'scope' | 'policy' | 'earlier' | 'lost' | 'skipped'
>

/** Judges what is asked of whole resources. What was only needed for that can be forgotten then, before the report is written. */
export function judgeWhole(plan: ReadPlan, { part, outcomes }: Gathered): Judged {
  const completeness = narrow(assessCompleteness(outcomes, plan.lost, plan.skipped), plan.scope, part.sighted)
  const { brokeOff, unreadOutside, isUnreadIn } = completeness
  return {
    completeness,
    conclusion: conclude(part, { ...termsOf(plan), brokeOff, unreadOutside, isUnreadIn }),
  }
}

/** Compares with the audits before, and publishes the report; `aside` are findings that were too many to be held, each stream sorted. */
export async function publishAudit(
  services: Services,
  plan: ReadPlan,
  { completeness, conclusion }: Judged,
  aside: readonly AsyncIterable<Finding>[],
  operations: Summary['operations'],
): Promise<AuditResult> {
  const { store, toolVersion } = services
  const { auditId, asOf, startedAt, scope, earlier } = plan
  const couldTell = (gone: EarlierFinding) =>
    completeness.scanned(gone) && !conclusion.inDoubt.has(gone.finding_id) && !conclusion.isOpen(gone)
  const compared = withDelta(mergeFindings([...conclusion.findings, ...aside]), earlier, couldTell)
  const [tally, highlights] = [createTally(CONTROLS), watchHighlights()]
  const { summary } = await publish({
    store,
    auditId,
    findings: compared.findings,
    findingWatchers: [tally.add, highlights.addFinding],
    resources: counted(conclusion.resources, tally, highlights),
    summarise: () =>
      toSummary({
        auditId,
        asOf,
        startedAt,
        finishedAt: services.now(),
        scope,
        conclusion,
        completeness,
        findings: tally.findings(),
        delta: { earlier: earlier[0], tally: compared.tally() },
        operations,
        report: store.locate(auditId),
      }),
    toolVersion,
    formats: standardFormats({ toolVersion, asOf: formatTime(asOf) }),
  })
  return { summary, ...highlights.read() }
}

/** The rows with what was found of each: read after the findings, when all of those have been counted. */
function* counted(
  rows: Iterable<ResourceRow>,
  tally: FindingTally,
  highlights: HighlightsWatch,
): Iterable<ResourceRow> {
  for (const row of rows) {
    highlights.addResource(row)
    yield tally.counted(row)
  }
}
