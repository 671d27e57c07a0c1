import type { AuditTerms } from '../audit/audit.ts'
import { conclude } from '../audit/conclude.ts'
import { CONTROLS } from '../audit/controls/index.ts'
import { withDelta } from '../audit/delta.ts'
import { type Highlights, watchHighlights } from '../audit/highlights.ts'
import { type JudgeHooks, judgeSources, type SetAside } from '../audit/judge-sources.ts'
import { mergeFindings } from '../audit/merge-findings.ts'
import { narrow } from '../audit/narrow.ts'
import { defaultPolicy, readPolicy } from '../audit/policy.ts'
import type { ResourceRow, Summary } from '../audit/record.ts'
import type { Scope } from '../audit/scope.ts'
import { createTally, type FindingTally } from '../audit/summarise.ts'
import { toSummary } from '../audit/summary.ts'
import { weigh } from '../audit/verdict.ts'
import type { Service } from '../backup.ts'
import { createAuditId } from '../report/audit-id.ts'
import { keepFindingsAside } from '../report/findings-aside.ts'
import { standardFormats } from '../report/formats.ts'
import { readLatest } from '../report/latest.ts'
import { findEarlierAudits } from '../report/previous.ts'
import { publish } from '../report/publish.ts'
import { readDocument } from '../runtime/document.ts'
import type { Services } from '../runtime/services.ts'
import { type Plan, planSources } from '../runtime/sources.ts'
import { watched } from '../stream.ts'
import type { Instant } from '../time.ts'
import { operationsFor } from './audit-operations.ts'

/** What an audit is asked to do; the targets and the store are those of the services. */
export interface AuditRequest extends JudgeHooks {
  readonly services: readonly Service[]
  /** What alone is to be reported, of targets that are read whole all the same; everything unless told. */
  readonly scope?: Scope | undefined
  /** Now, unless told. */
  readonly asOf: Instant | undefined
  readonly previous: string | undefined
  /** The name that was promised to whoever asked; a new one unless told. */
  readonly auditId?: string | undefined
}

/** A finished audit: its report is whole in the store. */
export interface AuditResult extends Highlights {
  readonly summary: Summary
}

/** Audits every backup of the targets, or those in the scope, and publishes the report: plan, scan, judge, compare, publish. */
export async function runAudit(services: Services, request: AuditRequest): Promise<AuditResult> {
  const { store, config } = services
  const startedAt = services.now()
  const asOf = request.asOf ?? startedAt
  const auditId = request.auditId ?? createAuditId(startedAt, services.randomHex(4))
  const policy =
    config.policyAddress === undefined
      ? defaultPolicy
      : readPolicy(await readDocument(services, config.policyAddress), CONTROLS)
  await store.probe()
  // What cannot be read now could not be moved forward later, when the report is there already.
  await readLatest(store)
  const earlier = await findEarlierAudits(store, { asOf, previous: request.previous })

  const readsReplicationPolicies = policy.replication.required === 'auto'
  const plan = await planSources(services, { services: request.services, readsReplicationPolicies })
  const terms = { auditId, asOf, policy, controls: CONTROLS, scope: request.scope }
  const aside = keepFindingsAside(store, auditId, services.randomHex(4))
  try {
    const { completeness, conclusion } = await judge(plan, terms, request, aside.add)
    const found = mergeFindings([conclusion.findings, ...aside.runs()])
    const compared = withDelta(found, earlier, completeness.scanned)
    const operations = await operationsFor(services)
    const [tally, highlights] = [createTally(CONTROLS), watchHighlights()]
    const { summary } = await publish({
      store,
      auditId,
      findings: watched(compared.findings, tally.add, highlights.add),
      resources: counted(conclusion.resources, tally),
      summarise: () =>
        toSummary({
          auditId,
          asOf,
          startedAt,
          finishedAt: services.now(),
          scope: request.scope,
          conclusion,
          completeness,
          findings: tally.findings(),
          delta: { earlier: earlier[0], tally: compared.tally() },
          operations,
          report: store.locate(auditId),
        }),
      toolVersion: services.toolVersion,
      formats: standardFormats(services.toolVersion),
    })
    return { summary, ...highlights.read() }
  } finally {
    await aside.remove()
  }
}

/** Reads and judges everything; what was only needed for that is forgotten here, before the report is written. */
async function judge(plan: Plan, terms: AuditTerms, hooks: JudgeHooks, setAside: SetAside) {
  const { part, outcomes } = await judgeSources(plan.sources, terms, hooks, setAside)
  const completeness = narrow(weigh(outcomes, plan.lost, plan.skipped), terms.scope, part.sighted)
  return { completeness, conclusion: conclude(part, { ...terms, brokeOff: completeness.brokeOff }) }
}

/** The rows with what was found of each: read after the findings, when all of those have been counted. */
async function* counted(rows: readonly ResourceRow[], tally: FindingTally): AsyncIterable<ResourceRow> {
  for (const row of rows) yield tally.counted(row)
}
