import { styleText } from 'node:util'
import { SEVERITIES, type Severity } from '../../lib/audit/control.ts'
import { recoveryPointMissing } from '../../lib/audit/controls/recovery-point-missing.ts'
import { recoveryPointStale } from '../../lib/audit/controls/recovery-point-stale.ts'
import type { Finding, Summary } from '../../lib/audit/record.ts'
import { restorabilityOf } from '../../lib/audit/restorability.ts'
import { lasting } from '../../lib/lasting.ts'
import type { AuditResult } from '../../lib/workflow/publish-audit.ts'
import { figure } from '../figure.ts'
import { plural } from '../plural.ts'
import { cutToColumns, printable } from '../printable.ts'
import { wrap } from '../wrap.ts'

const COLUMNS = 80

const COLOURS = { critical: 'red', high: 'red', medium: 'yellow', low: 'cyan' } as const satisfies Record<
  Severity,
  string
>

/** What an audit came to, as far as it is told here. */
type Told = Pick<AuditResult, 'summary' | 'worst' | 'impossible'>

/** What the end of an audit looks like: the answer first, then the figures, what to look at first, and where the report is. */
export function describeSummary({ summary, worst, impossible }: Told): string {
  return [
    ...describeVerdict(summary),
    ...describeAnswer(summary, impossible),
    '',
    ...describeFindings(summary),
    ...describeUnknown(summary),
    ...describeDelta(summary),
    '',
    ...describeWorst(worst),
    ...describeOperations(summary),
    `Report  ${summary.report}/report.html`,
  ].join('\n')
}

function describeVerdict(summary: Summary): readonly string[] {
  if (summary.verdict === 'complete') return []
  const reasons = summary.incomplete_because.slice(0, 5).flatMap((reason) => indent(`- ${printable(reason)}`))
  const more = summary.incomplete_because.length - 5
  return [
    ...wrap('INCOMPLETE: not everything could be read, so what follows is not the whole truth.', COLUMNS).map(
      (line) => styleText(['red', 'bold'], line),
    ),
    ...reasons,
    ...(more > 0 ? [`  and ${plural(more, 'more reason')}, in the report`] : []),
    '',
  ]
}

function describeAnswer(summary: Summary, impossible: number): readonly string[] {
  const stale = summary.findings.by_control[recoveryPointStale.id] ?? 0
  const isLacking = (summary.findings.by_control[recoveryPointMissing.id] ?? 0) > 0
  const unable = isLacking && impossible > 0 ? [`${figure(impossible)} more cannot be backed up at all.`] : []
  const late =
    stale > 0 ? [`${plural(stale, 'more', 'more')} would lose more data than the policy allows.`] : []
  const targets = summary.targets.filter(({ verdict }) => verdict !== 'skipped')
  const scope = `${plural(summary.backups, 'backup')} in ${plural(targets.length, 'target')} read, as of ${summary.as_of}.`
  return [answerOf(summary, impossible), ...unable, ...late, scope]
}

/** Could everything be restored? Green only where that was shown. */
function answerOf(summary: Summary, impossible: number): string {
  const { resources } = summary
  // Of each resource of which it is unknown the summary counts a case.
  const found = restorabilityOf(summary, { impossible, unknown: 0 })
  switch (found.kind) {
    case 'lacking':
      return lacking(found.missing, resources)
    case 'incomplete':
      return found.missing > 0 ? lacking(found.missing, resources) : ofWhatWasRead(found.cases, resources)
    case 'unknown':
      return styleText(
        ['yellow', 'bold'],
        `${NOT_KNOWN}: in ${plural(found.cases, 'case')} Huawei did not say enough.`,
      )
    case 'empty':
      return styleText('bold', 'There is nothing to restore: the targets hold not one protected resource.')
    case 'impossible':
      return styleText(
        ['red', 'bold'],
        'Nothing could be restored: no resource here can be backed up at all.',
      )
    case 'yes':
      return styleText(['green', 'bold'], proved(found.impossible, resources))
  }
}

const NOT_KNOWN = 'Whether everything could be restored is not known'

function lacking(missing: number, resources: number): string {
  return styleText(
    ['red', 'bold'],
    `${figure(missing)} of ${plural(resources, 'resource')} could not be restored.`,
  )
}

function ofWhatWasRead(unknown: number, resources: number): string {
  if (unknown > 0) return styleText(['yellow', 'bold'], `${NOT_KNOWN}.`)
  return styleText(
    'bold',
    `No resource without a recovery point among the ${figure(resources)} that could be read.`,
  )
}

function proved(impossible: number, resources: number): string {
  return impossible === 0
    ? 'Every resource could be restored.'
    : `Every resource could be restored, but for ${figure(impossible)} of ${figure(resources)} that cannot be backed up at all.`
}

function describeFindings(summary: Summary): readonly string[] {
  const { total, by_severity, by_control, muted } = summary.findings
  if (total === 0) return ['No findings.']
  const note = muted > 0 ? ` (${figure(muted)} muted)` : ''
  const severities = SEVERITIES.filter((severity) => by_severity[severity] > 0).map((severity) =>
    styleText(COLOURS[severity], `${figure(by_severity[severity])} ${severity}`),
  )
  const controls = Object.entries(by_control)
    .filter(([, times]) => times > 0)
    .map(([control, times]) => `${figure(times).padStart(9)}  ${control}`)
  return [`${plural(total, 'finding')}${note}: ${severities.join(', ')}`, ...controls]
}

function describeUnknown(summary: Summary): readonly string[] {
  const { total } = summary.unknown
  return total === 0
    ? []
    : [`${figure(total).padStart(9)}  unknown: Huawei's answer did not say enough to judge`]
}

function describeDelta({ delta }: Summary): readonly string[] {
  if (delta.previous_audit_id === null) return ['Compared with no earlier audit: every finding is new.']
  const parts = (['new', 'reopened', 'persisting', 'resolved', 'not_scanned'] as const)
    .filter((kind) => delta[kind] > 0)
    .map((kind) => `${figure(delta[kind])} ${kind.replace('_', ' ')}`)
  return [`Since the audit ${lasting(delta.span_hours ?? 0)} before: ${parts.join(', ') || 'no change'}.`]
}

function describeWorst(worst: readonly Finding[]): readonly string[] {
  if (worst.length === 0) return []
  const lines = worst.map((finding) => {
    const name = printable(
      finding.resource_name ?? finding.backup_name ?? finding.resource_id ?? finding.backup_id ?? '',
    )
    const where = printable(finding.vault_name ?? finding.region)
    return cutToColumns(`  ${finding.severity.padEnd(8)}  ${finding.control}: ${name} (${where})`, COLUMNS)
  })
  return ['Look first at', ...lines, '']
}

/** States that a person should look at. */
const TO_LOOK_AT = ['held', 'failed', 'unknown', 'unreadable', 'refused', 'quarantined', 'parked', 'partial']

function describeOperations({ operations: { total, by_state, unreadable } }: Summary): readonly string[] {
  const why =
    unreadable === null ? [] : indent(`The ledger of checkpoints could not be read: ${printable(unreadable)}`)
  if (total === 0) return why.length === 0 ? [] : [...why, '']
  const parts = Object.entries(by_state).map(([state, times]) =>
    TO_LOOK_AT.includes(state)
      ? styleText('yellow', `${figure(times)} ${state}`)
      : `${figure(times)} ${state}`,
  )
  return [
    ...wrap(
      `${plural(total, 'checkpoint')} not over or not successful, see the report: ${parts.join(', ')}`,
      COLUMNS,
    ),
    ...why,
    '',
  ]
}

function indent(line: string): readonly string[] {
  return wrap(line, COLUMNS - 4).map((part, index) => (index === 0 ? `  ${part}` : `    ${part}`))
}
