import type { JudgeHooks } from '../audit/judge-sources.ts'
import type { Services } from '../runtime/services.ts'
import type { Steps } from '../runtime/steps.ts'
import { auditInSteps } from './audit-in-steps.ts'
import type { AuditOrder } from './audit-order.ts'
import { type AuditReceipt, giveReceipt } from './audit-receipt.ts'
import { runAudit } from './run-audit.ts'

/** Runs the audit of an order, under a promised name where there is one: in one go, or in steps that somebody remembers. */
export async function auditOrdered(
  services: Services,
  order: AuditOrder,
  auditId?: string,
  steps?: Steps,
): Promise<AuditReceipt> {
  const { places, ...wish } = order
  const narrowed = { ...services, config: { ...services.config, places } }
  const hooks = logScans(services)
  if (steps !== undefined) return await auditInSteps(narrowed, { ...wish, auditId }, steps, hooks)
  const { summary } = await runAudit(narrowed, { ...wish, auditId, ...hooks })
  return giveReceipt(services, summary)
}

function logScans({ log }: Services): JudgeHooks {
  return {
    onProgress: () => {},
    onScanned: ({ report: { service, region, project_id, distinct, requests, verdict } }) => {
      const target = `${service}:${region}:${project_id}`
      log('info', 'target scanned', { target, backups: distinct, requests, verdict })
    },
  }
}
