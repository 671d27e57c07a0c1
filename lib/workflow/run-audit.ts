import { type JudgeHooks, judgeSources } from '../audit/judge-sources.ts'
import { clearOrphans } from '../report/clear-orphans.ts'
import { openSpilledFindings } from '../report/spilled-findings.ts'
import { byOneClock } from '../runtime/one-clock.ts'
import type { Services } from '../runtime/services.ts'
import { operationsFor } from './audit-operations.ts'
import { type AuditWish, planAudit, termsOf } from './plan-audit.ts'
import { type AuditResult, judgeWhole, publishAudit } from './publish-audit.ts'

/** What an audit is asked to do, and who is told while it runs. */
export interface AuditRequest extends AuditWish, JudgeHooks {}

/** Audits every backup of the targets, or those in the scope, and publishes the report: plan, scan, judge, compare, publish. */
export async function runAudit(services: Services, request: AuditRequest): Promise<AuditResult> {
  return await byOneClock(services, (within) => auditOnce(within, request))
}

async function auditOnce(services: Services, request: AuditRequest): Promise<AuditResult> {
  const plan = await planAudit(services, request)
  const spilled = openSpilledFindings(services.store, plan.auditId, services.randomHex(4))
  try {
    const judged = judgeWhole(plan, await judgeSources(plan.sources, termsOf(plan), request, spilled.add))
    const operations = await operationsFor(services)
    const result = await publishAudit(services, plan, judged, spilled.runs(), operations)
    await clearOrphans(services, services.now())
    return result
  } finally {
    await spilled.remove()
  }
}
