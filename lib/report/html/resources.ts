import type { ResourcesDigest, ShownResource } from './digest-resources.ts'
import { type Html, html, name } from './html.ts'
import { mark, READINESS_WORDS } from './marks.ts'
import { counted, figure, lasting, moment } from './wording.ts'

const MAX_LENGTH = 1_000_000

/** The resources, worst first. */
export function renderResources({ shown }: ResourcesDigest, total: number): Html {
  let left = MAX_LENGTH
  const rows: Html[] = []
  for (const resource of shown) {
    const row = renderResource(resource)
    left -= row.markup.length
    if (left < 0) break
    rows.push(row)
  }
  const hidden = total - rows.length
  return html`<section aria-labelledby="resources">
<h2 id="resources">Resources, worst first</h2>
${
  total === 0
    ? html`<p>No protected resource was found.</p>`
    : html`<div class="wide" role="region" aria-labelledby="resources" tabindex="0"><table class="stacked sortable"><caption>Each protected resource with its newest usable recovery point${
        hidden > 0 && html`; the worst ${figure(rows.length)} of ${figure(total)}`
      }</caption>
<thead><tr><th scope="col">Recovery point</th><th scope="col">Resource</th><th scope="col">Vault</th><th scope="col">Newest usable, UTC</th><th scope="col" class="count">Age</th><th scope="col" class="count">Usable</th><th scope="col" class="count">Copies</th><th scope="col" class="count">Findings</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}
${hidden > 0 && html`<p class="more">Not shown: ${counted(hidden, 'more resource')}. All are in <a href="resources.csv">resources.csv</a>.</p>`}
</section>`
}

function renderResource({ row, readiness }: ShownResource): Html {
  const { resource_id, resource_name, resource_type, vault_id, vault_name, age_hours } = row
  return html`<tr><td>${mark(readiness, READINESS_WORDS[readiness])}</td><th scope="row">${name(resource_name ?? resource_id)}<small>${row.service.toUpperCase()}${resource_type !== null && html` ${name(resource_type)}`} · ${row.region} · <code>${resource_id}</code></small></th><td data-label="Vault">${
    vault_id === null ? '–' : name(vault_name ?? vault_id)
  }</td><td data-label="Newest usable">${moment(row.last_usable_at)}</td><td class="count" data-label="Age" data-sort="${age_hours ?? -1}">${
    age_hours === null ? '–' : lasting(age_hours)
  }</td><td class="count" data-label="Usable">${figure(row.usable)} of ${figure(row.backups)}</td><td class="count" data-label="Copies">${figure(row.copies)}${
    row.copy_regions && html`<small>${row.copy_regions.replaceAll(';', ', ')}</small>`
  }</td><td class="count" data-label="Findings">${figure(row.findings)}</td></tr>
`
}
