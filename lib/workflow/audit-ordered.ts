import type { JudgeHooks } from '../audit/judge-sources.ts'
import type { Services } from '../runtime/services.ts'
import type { Steps } from '../runtime/steps.ts'
import { auditInSteps } from './audit-in-steps.ts'
import type { AuditOrder } from './audit-order.ts'
import { type AuditReceipt, giveReceipt } from './audit-receipt.ts'
import { runAudit } from './run-audit.ts'

/** What may go with an order. */
export interface OrderedOptions {
  /** The name that was promised for the report. */
  readonly auditId?: string | undefined
  /** Told again and again that the audit goes on. */
  readonly onProgress?: () => void
  /** Steps that somebody remembers; the audit is run in one go without them. */
  readonly steps?: Steps | undefined
}

/** Runs the audit of an order, under a promised name where there is one, and leaves one line about it in the log. */
export async function auditOrdered(
  services: Services,
  order: AuditOrder,
  { auditId, onProgress = () => {}, steps }: OrderedOptions = {},
): Promise<AuditReceipt> {
  const request = { ...order, auditId, onProgress, onScanned: logScan(services) }
  if (steps !== undefined) return await auditInSteps(services, request, steps)
  const { summary } = await runAudit(services, request)
  return giveReceipt(services, summary)
}

function logScan({ log }: Services): JudgeHooks['onScanned'] {
  return ({ report: { service, region, project_id, distinct, requests, verdict } }) => {
    const target = `${service}:${region}:${project_id}`
    log('info', 'target scanned', { target, backups: distinct, requests, verdict })
  }
}
