import type { Context } from 'aws-lambda'
import { isArrival, isSweep } from '../lib/runtime/arrival.ts'
import type { HttpContext } from '../lib/runtime/budget.ts'
import { goOn, isDurable } from '../lib/runtime/durable-execution.ts'
import { httpFunction } from '../lib/runtime/http.ts'
import { isHttpEvent } from '../lib/runtime/http-event.ts'
import { lambdaFunction } from '../lib/runtime/lambda-function.ts'
import { FOR_AUDITS, type Services } from '../lib/runtime/services.ts'
import type { Steps } from '../lib/runtime/steps.ts'
import { takeArrivals } from '../lib/workflow/audit-inbox.ts'
import { readAuditOrder } from '../lib/workflow/audit-order.ts'
import { auditOrdered } from '../lib/workflow/audit-ordered.ts'
import { auditRoutes } from '../lib/workflow/audit-routes.ts'
import { sweepAudits } from '../lib/workflow/audit-sweep.ts'

/** Audits on schedule and on call (the event is an order), what the inbox asks for (it is one of S3), and what was left there (the timer's); answers HTTP. */
async function backupAudit(services: Services, event: unknown, context?: HttpContext) {
  if (isHttpEvent(event)) return await httpFunction(services, auditRoutes)(event, context)
  return await audit(services, event, context)
}

async function audit(services: Services, event: unknown, context?: HttpContext, steps?: Steps) {
  if (isArrival(event)) return await takeArrivals(services, event, steps)
  if (isSweep(event)) return await sweepAudits(services, context, steps)
  const { now, config } = services
  return await auditOrdered(services, readAuditOrder(event, { now: now(), places: config.places }), { steps })
}

/** The function as AWS calls it: once, or turn by turn as a durable execution. */
export const handler = lambdaFunction(
  'backup-audit',
  FOR_AUDITS,
  async (services, event, context?: Context) =>
    isDurable(event) && context !== undefined
      ? await goOn(event, context, services.log, (started, steps) => audit(services, started, context, steps))
      : await backupAudit(services, event, context),
)
