import { SEVERITIES } from '../../audit/control.ts'
import type { Summary } from '../../audit/record.ts'
import type { ControlTally } from './digest-findings.ts'
import { type Html, html, sentence } from './html.ts'
import { mark } from './marks.ts'
import { emptyTally } from './tally.ts'
import { figure } from './wording.ts'

/** What each control found, what it could not know, and what to do about it. */
export function renderControls(summary: Summary, controls: readonly ControlTally[]): Html | undefined {
  const { unknown } = summary
  const found = new Set(controls.map(({ control }) => control))
  const silent = Object.keys(unknown.by_control).filter((control) => !found.has(control))
  if (found.size + silent.length === 0) return undefined
  return html`<section aria-labelledby="controls">
<h2 id="controls">What was found, and what to do</h2>
<div class="wide" role="region" aria-labelledby="controls" tabindex="0"><table class="stacked"><caption class="unseen">Controls with findings or unknown answers</caption>
<thead><tr><th scope="col">Control</th><th scope="col">Severity</th><th scope="col" class="count">Findings</th><th scope="col" class="count">Unknown</th><th scope="col">What to do</th></tr></thead>
<tbody>${controls.map((each) => row(summary, each.control, each))}${silent.map((control) => row(summary, control))}</tbody></table></div>
${renderUnknown(unknown)}
</section>`
}

function row({ findings, unknown }: Summary, control: string, found?: ControlTally): Html {
  const { tally, remedies } = found ?? { tally: emptyTally(), remedies: [] }
  return html`<tr><th scope="row" class="control">${control}</th><td data-label="Severity"><span class="tally">${SEVERITIES.map(
    (severity) => tally.open[severity] > 0 && mark(severity),
  )}${tally.muted > 0 && html`<span class="mark muted">${figure(tally.muted)} muted</span>`}</span></td><td class="count" data-label="Findings">${figure(
    findings.by_control[control] ?? 0,
  )}</td><td class="count" data-label="Unknown">${figure(unknown.by_control[control] ?? 0)}</td><td data-label="What to do">${[
    ...remedies,
  ].map((remedy) => html`<p>${remedy}</p>`)}</td></tr>`
}

function renderUnknown({ total, because }: Summary['unknown']): Html | undefined {
  if (total === 0) return undefined
  const told = because.reduce((sum, { count }) => sum + count, 0)
  return html`<h3>Why ${figure(total)} ${total === 1 ? 'answer is' : 'answers are'} unknown</h3>
<p>Where Huawei Cloud did not say enough, the answer is neither pass nor finding.</p>
<ul class="reasons">${because.map(
    ({ control, because: why, count }) =>
      html`<li><b>${figure(count)}</b> × <span class="control">${control}</span>: ${sentence(why)}</li>`,
  )}${told < total && html`<li><b>${figure(total - told)}</b> × for other reasons</li>`}</ul>`
}
