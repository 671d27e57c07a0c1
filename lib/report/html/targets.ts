import type { TargetReport } from '../../scan.ts'
import { type Html, html, sentence } from './html.ts'
import { figure } from './wording.ts'

const MAX_TARGETS = 500

/** How each target was read: the evidence that nothing was overlooked. */
export function renderTargets(targets: readonly TargetReport[]): Html {
  const worstFirst = [...targets].sort((one, other) => rank(one) - rank(other)).slice(0, MAX_TARGETS)
  const hidden = targets.length - worstFirst.length
  return html`<section aria-labelledby="targets">
<h2 id="targets">Was everything read?</h2>
<div class="wide" role="region" aria-labelledby="targets" tabindex="0"><table class="stacked"><caption>Each target with the rows that were received, against the count that Huawei Cloud gives before and after</caption>
<thead><tr><th scope="col">Target</th><th scope="col">Read</th><th scope="col" class="count">Listed</th><th scope="col" class="count">Distinct</th><th scope="col" class="count">Duplicates</th><th scope="col" class="count">Count before</th><th scope="col" class="count">after</th><th scope="col" class="count">Requests</th></tr></thead>
<tbody>${worstFirst.map(renderTarget)}</tbody></table></div>
${hidden > 0 && html`<p class="more">Not shown: ${figure(hidden)} more targets. All are in <a href="summary.json">summary.json</a>.</p>`}
</section>`
}

function renderTarget(target: TargetReport): Html {
  const count = (label: string, value: number | null): Html =>
    html`<td class="count" data-label="${label}">${value === null ? '–' : figure(value)}</td>`
  return html`<tr class="${target.verdict}"><th scope="row">${target.service.toUpperCase()} ${target.region}<small><code>${target.project_id}</code></small></th><td data-label="Read"><b>${target.verdict}</b>${
    target.note !== null && html`<small>${sentence(target.note)}</small>`
  }</td>${count('Listed', target.listed)}${count('Distinct', target.distinct)}${count('Duplicates', target.duplicates)}${count(
    'Count before',
    target.count_before,
  )}${count('Count after', target.count_after)}${count('Requests', target.requests)}</tr>`
}

function rank({ verdict }: TargetReport): number {
  return ['incomplete', 'complete', 'skipped'].indexOf(verdict)
}
