import { createLog } from '../lib/runtime/log.ts'
import { openProcessServices } from '../lib/runtime/process-services.ts'
import { reportFailure } from '../lib/runtime/report-failure.ts'
import { isArrival, type Taken, takeArrivals } from '../lib/workflow/audit-inbox.ts'
import { readAuditOrder } from '../lib/workflow/audit-order.ts'
import { type AuditReceipt, auditOrdered } from '../lib/workflow/audit-ordered.ts'

const log = createLog('backup-audit')

/** Audits: on schedule and on call (an order), or because requests arrived in the inbox of the store (an event of S3). */
export async function handler(event: unknown): Promise<AuditReceipt | { readonly taken: readonly Taken[] }> {
  try {
    const services = openProcessServices()
    if (isArrival(event)) return await takeArrivals(services, log, event)
    const order = readAuditOrder(event, { now: services.now(), places: services.config.places })
    return await auditOrdered(services, log, order)
  } catch (error) {
    throw reportFailure(log, error)
  }
}
