import { isArrival, isSweep } from '../lib/runtime/arrival.ts'
import { type HttpContext, type HttpResult, httpFunction } from '../lib/runtime/http.ts'
import { isHttpEvent } from '../lib/runtime/http-event.ts'
import { lambdaFunction } from '../lib/runtime/lambda-function.ts'
import { FOR_AUDITS, type Services } from '../lib/runtime/services.ts'
import { type Taken, takeArrivals } from '../lib/workflow/audit-inbox.ts'
import { readAuditOrder } from '../lib/workflow/audit-order.ts'
import { type AuditReceipt, auditOrdered } from '../lib/workflow/audit-ordered.ts'
import { auditRoutes } from '../lib/workflow/audit-routes.ts'
import { type AuditsSwept, sweepAudits } from '../lib/workflow/audit-sweep.ts'

/** Audits on schedule and on call (the event is an order), what the inbox asks for (it is one of S3), and what was left there (the timer's); answers HTTP. */
export async function backupAudit(
  services: Services,
  event: unknown,
  context?: HttpContext,
): Promise<
  AuditReceipt | { readonly taken: readonly Taken[] } | { readonly swept: AuditsSwept } | HttpResult
> {
  if (isArrival(event)) return takeArrivals(services, event)
  if (isSweep(event)) return sweepAudits(services, context)
  if (isHttpEvent(event)) return httpFunction(services, auditRoutes)(event, context)
  const { now, config } = services
  return auditOrdered(services, readAuditOrder(event, { now: now(), places: config.places }))
}

/** The function as AWS calls it. */
export const handler = lambdaFunction('backup-audit', FOR_AUDITS, backupAudit)
