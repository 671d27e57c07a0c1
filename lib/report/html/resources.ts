import { lasting } from '../../lasting.ts'
import type { ResourcesDigest, ShownResource } from './digest-resources.ts'
import { type Html, html, name } from './html.ts'
import { mark, READINESS_WORDS } from './marks.ts'
import { counted, figure, moment } from './wording.ts'

const MAX_LENGTH = 1_000_000

/** The resources, worst first: those in trouble at once, those without a finding folded away. */
export function renderResources({ shown }: ResourcesDigest, total: number): Html {
  const { troubled, calm } = renderRows(shown)
  const hidden = total - troubled.length - calm.length
  return html`<section aria-labelledby="resources">
<h2 id="resources">Resources, worst first</h2>
${total === 0 && html`<p>No protected resource was found.</p>`}
${troubled.length > 0 && renderTable(troubled, 'Resources with findings, or without a usable recovery point')}
${
  calm.length > 0 &&
  html`<details class="calm"><summary>${counted(calm.length, 'resource')} with a usable recovery point and no finding</summary>
${renderTable(calm, 'Resources with a usable recovery point and no finding')}</details>`
}
${hidden > 0 && html`<p class="more">Not shown: ${counted(hidden, 'more resource')} of ${figure(total)}. All are in <a href="resources.csv">resources.csv</a>.</p>`}
</section>`
}

function renderRows(shown: readonly ShownResource[]): Record<'troubled' | 'calm', readonly Html[]> {
  const rows: Record<'troubled' | 'calm', Html[]> = { troubled: [], calm: [] }
  let left = MAX_LENGTH
  for (const resource of shown) {
    const row = renderResource(resource)
    left -= row.markup.length
    if (left < 0) break
    const isCalm = resource.readiness === 'ready' && resource.row.findings === 0
    rows[isCalm ? 'calm' : 'troubled'].push(row)
  }
  return rows
}

function renderTable(rows: readonly Html[], caption: string): Html {
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table class="stacked sortable"><caption>${caption}</caption>
<thead><tr><th scope="col">Recovery point</th><th scope="col">Resource</th><th scope="col">Vault</th><th scope="col">Newest usable</th><th scope="col" class="count">Age</th><th scope="col" class="count">Usable</th><th scope="col" class="count">Copies</th><th scope="col" class="count">Findings</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}

function renderResource({ row, readiness }: ShownResource): Html {
  const { resource_id, resource_name, vault_id, vault_name, age_hours } = row
  return html`<tr><td>${mark(readiness, READINESS_WORDS[readiness])}</td><th scope="row">${name(resource_name ?? resource_id)}<small>${kindOf(row)} · ${row.region}</small><small><code>${name(resource_id)}</code></small></th><td data-label="Vault">${
    vault_id === null ? '–' : name(vault_name ?? vault_id)
  }</td><td data-label="Newest usable">${moment(row.last_usable_at)}</td><td class="count" data-label="Age" data-sort="${age_hours ?? -1}">${
    age_hours === null ? '–' : lasting(age_hours)
  }</td><td class="count" data-label="Usable"><span>${figure(row.usable)} of ${figure(row.backups)}</span></td><td class="count" data-label="Copies"><span>${figure(row.copies)}${
    row.copy_regions && html`<small>${name(row.copy_regions.replaceAll(';', ', '))}</small>`
  }</span></td><td class="count" data-label="Findings">${figure(row.findings)}</td></tr>
`
}

function kindOf({ service, resource_type }: ShownResource['row']): Html {
  return html`${service.toUpperCase()}${resource_type !== null && html` ${name(resource_type)}`}`
}
