import { SEVERITIES, type Severity } from '../../audit/control.ts'
import { recoveryPointMissing } from '../../audit/controls/recovery-point-missing.ts'
import { recoveryPointStale } from '../../audit/controls/recovery-point-stale.ts'
import type { Summary } from '../../audit/record.ts'
import { lasting } from '../../lasting.ts'
import { bar } from './bar.ts'
import { type Html, html } from './html.ts'
import { mark } from './marks.ts'
import { figure } from './wording.ts'

/** The numbers that matter, all from the summary. */
export function renderNumbers(summary: Summary): Html {
  const { backups, resources, findings, unknown } = summary
  const of = (control: string): number => findings.by_control[control] ?? 0
  return html`<section aria-labelledby="numbers">
<h2 id="numbers">In numbers</h2>
<dl class="numbers">
${number('Resources', resources)}
${number('Backups', backups)}
${number('Recovery points missing', of(recoveryPointMissing.id))}
${number('Recovery points stale', of(recoveryPointStale.id))}
${number('Findings', findings.total, findings.muted > 0 && html`${figure(findings.muted)} of them muted`)}
${number('Answers unknown', unknown.total)}
</dl>
<div class="columns">
${renderSeverities(findings.by_severity)}
${renderDelta(summary)}
</div>
</section>`
}

function number(label: string, count: number, note: Html | false = false): Html {
  return html`<div><dt>${label}${note && html`<small>${note}</small>`}</dt><dd>${figure(count)}</dd></div>`
}

function renderSeverities(bySeverity: Readonly<Record<Severity, number>>): Html {
  const most = Math.max(...Object.values(bySeverity))
  return html`<table class="severities"><caption>Findings by severity</caption>
<thead class="unseen"><tr><th scope="col">Severity</th><th scope="col">Findings</th><th scope="col">Share</th></tr></thead>
<tbody>${SEVERITIES.map((severity) => {
    const count = bySeverity[severity]
    const stretches = [
      { kind: severity, count },
      { kind: 'empty', count: most - count },
    ]
    return html`<tr><th scope="row">${mark(severity)}</th><td class="count">${figure(count)}</td><td aria-hidden="true">${
      count > 0 && bar(stretches, `${count}`)
    }</td></tr>`
  })}</tbody></table>`
}

function renderDelta({ delta }: Summary): Html {
  const { previous_audit_id, span_hours } = delta
  const rows = [
    ['new', delta.new],
    ['reopened', delta.reopened],
    ['persisting', delta.persisting],
    ['resolved', delta.resolved],
    ['not scanned this time', delta.not_scanned],
  ] as const
  return html`<div class="delta"><table><caption>${
    previous_audit_id === null
      ? 'Since the previous audit'
      : html`Since the audit ${lasting(span_hours ?? 0)} before`
  }</caption>
<thead class="unseen"><tr><th scope="col">Change</th><th scope="col">Findings</th></tr></thead>
<tbody>${rows.map(([word, count]) => html`<tr><th scope="row">${word}</th><td class="count">${figure(count)}</td></tr>`)}</tbody></table>
<p class="note">${
    previous_audit_id === null
      ? 'Compared with no earlier audit, so every finding counts as new.'
      : html`Compared with <code>${previous_audit_id}</code>.`
  }</p></div>`
}
