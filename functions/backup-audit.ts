import { lambdaFunction } from '../lib/runtime/lambda-function.ts'
import type { Services } from '../lib/runtime/services.ts'
import { isArrival, type Taken, takeArrivals } from '../lib/workflow/audit-inbox.ts'
import { readAuditOrder } from '../lib/workflow/audit-order.ts'
import { type AuditReceipt, auditOrdered } from '../lib/workflow/audit-ordered.ts'

/** Audits on schedule and on call (the event is an order), and what was asked for in the inbox (it is one of S3). */
export async function backupAudit(
  services: Services,
  event: unknown,
): Promise<AuditReceipt | { readonly taken: readonly Taken[] }> {
  if (isArrival(event)) return takeArrivals(services, event)
  const { now, config } = services
  return auditOrdered(services, readAuditOrder(event, { now: now(), places: config.places }))
}

/** The function as AWS calls it. */
export const handler = lambdaFunction('backup-audit', backupAudit)
