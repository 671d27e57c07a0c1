import type { Summary } from '../../audit/record.ts'
import { namesIn } from '../../audit/scope.ts'
import type { Answer } from './answer.ts'
import { bar } from './bar.ts'
import { READINESS, type Readiness } from './digest-resources.ts'
import { type Html, html, sentence } from './html.ts'
import { mark } from './marks.ts'
import { figure, moment } from './wording.ts'

const WORDS = {
  missing: 'no usable recovery point',
  stale: 'stale recovery point',
  unknown: 'unknown',
  impossible: 'cannot be backed up',
  ready: 'usable recovery point',
} as const satisfies Record<Readiness, string>

/** The question, its answer, and what stands behind it: what a reader with ten seconds reads. */
export function renderOpening(
  { as_of, resources, scope }: Summary,
  answer: Answer,
  readiness: Readonly<Record<Readiness, number>>,
): Html {
  const alone = scope === null ? undefined : namesIn(scope).join(' and ')
  return html`<header class="${answer.tone}">
<p class="kicker">Huawei Cloud backup audit<span> as of ${moment(as_of)} UTC</span></p>
<h1>Could we restore everything${alone !== undefined && html` of ${alone}`}, right now?</h1>
${alone !== undefined && html`<p class="scope">This audit looked at ${alone} alone, and says nothing of the rest.</p>`}
<p class="answer"><strong>${answer.headline}</strong> ${answer.sentence}</p>
${answer.reasons.length > 0 && html`<ul class="reasons">${answer.reasons.map((reason) => html`<li>${sentence(reason)}</li>`)}</ul>`}
${answer.also.length > 0 && html`<p class="also">${answer.also.join(' ')}</p>`}
${resources > 0 && renderReadiness(readiness)}
</header>`
}

function renderReadiness(readiness: Readonly<Record<Readiness, number>>): Html {
  const present = READINESS.filter((kind) => readiness[kind] > 0)
  const stretches = present.map((kind) => ({ kind, count: readiness[kind] }))
  const label = present.map((kind) => `${readiness[kind]} ${WORDS[kind]}`).join(', ')
  return html`<figure>${bar(stretches, `Resources: ${label}`)}
<figcaption><ul class="legend">${present.map(
    (kind) => html`<li>${mark(kind, '')}<b>${figure(readiness[kind])}</b> ${WORDS[kind]}</li>`,
  )}</ul></figcaption></figure>`
}
