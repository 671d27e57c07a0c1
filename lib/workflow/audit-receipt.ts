import type { Summary } from '../audit/record.ts'
import type { Services } from '../runtime/services.ts'

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

/** The receipt of a published audit; leaves one line about it in the log. */
export function giveReceipt({ log }: Pick<Services, 'log'>, summary: Summary): AuditReceipt {
  const { audit_id, verdict, report, backups, scope } = summary
  const findings = {
    total: summary.findings.total,
    muted: summary.findings.muted,
    ...summary.findings.by_severity,
  }
  // In other words where there is a scope: an alarm waits for complete audits of everything, and counts them by this line.
  const message = scope === null ? 'audit published' : 'scoped audit published'
  log('info', message, { audit_id, verdict, findings, backups, report })
  return { audit_id, verdict, findings, report }
}
