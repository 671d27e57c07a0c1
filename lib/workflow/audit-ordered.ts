import type { Services } from '../runtime/services.ts'
import type { AuditOrder } from './audit-order.ts'
import { runAudit } from './run-audit.ts'

/** What whoever asked for an audit gets back: enough to decide whether to open the report. */
export interface AuditReceipt {
  readonly audit_id: string
  readonly verdict: 'complete' | 'incomplete'
  readonly findings: {
    readonly total: number
    readonly muted: number
    readonly critical: number
    readonly high: number
    readonly medium: number
    readonly low: number
  }
  readonly report: string
}

/** What may go with an order. */
export interface OrderedOptions {
  /** The name that was promised for the report. */
  readonly auditId?: string | undefined
  /** Told again and again that the audit goes on. */
  readonly onProgress?: () => void
}

/** Runs the audit of an order, under a promised name where there is one, and leaves one line about it in the log. */
export async function auditOrdered(
  services: Services,
  order: AuditOrder,
  { auditId, onProgress = () => {} }: OrderedOptions = {},
): Promise<AuditReceipt> {
  const { summary } = await runAudit(
    { ...services, config: { ...services.config, places: order.places } },
    {
      services: order.services,
      scope: order.scope,
      asOf: order.asOf,
      previous: order.previous,
      auditId,
      onProgress,
      onScanned: ({ report: { service, region, project_id, distinct, requests, verdict } }) => {
        const target = `${service}:${region}:${project_id}`
        services.log('info', 'target scanned', { target, backups: distinct, requests, verdict })
      },
    },
  )
  const { audit_id, verdict, report, backups, scope } = summary
  const findings = {
    total: summary.findings.total,
    muted: summary.findings.muted,
    ...summary.findings.by_severity,
  }
  // In other words where there is a scope: an alarm waits for complete audits of everything, and counts them by this line.
  const message = scope === null ? 'audit published' : 'scoped audit published'
  services.log('info', message, { audit_id, verdict, findings, backups, report })
  return { audit_id, verdict, findings, report }
}
