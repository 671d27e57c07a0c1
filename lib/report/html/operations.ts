import type { Summary } from '../../audit/record.ts'
import type { OpenOperation } from '../../open-operation.ts'
import { type Html, html, sentence } from './html.ts'
import { figure, moment } from './wording.ts'

/** Checkpoints that were asked for and are not over, or did not succeed; nothing where there are none. */
export function renderOperations({ operations, finished_at }: Summary): Html | undefined {
  const { total, listed, unreadable } = operations
  if (total === 0 && unreadable === null) return undefined
  const hidden = total - listed.length
  return html`<section aria-labelledby="operations">
<h2 id="operations">Checkpoints that are not over or did not succeed</h2>
<p class="note">What alerts and people asked for, as the ledger had it at ${moment(finished_at)} UTC. What failed or was refused is told for a week. None of it is a finding.</p>
${unreadable !== null && html`<p class="more">The ledger could not be read, so this may not be all: ${sentence(unreadable)}</p>`}
${listed.length > 0 && renderTable(listed)}
${hidden > 0 && html`<p class="more">Not shown: ${figure(hidden)} more. Totals are in <a href="summary.json">summary.json</a>.</p>`}
</section>`
}

function renderTable(rows: readonly OpenOperation[]): Html {
  return html`<div class="wide" role="region" aria-labelledby="operations" tabindex="0"><table class="stacked"><caption>Each with what is in its way; GET /checkpoints/{operation} tells more</caption>
<thead><tr><th scope="col">Operation</th><th scope="col">State</th><th scope="col">Vault</th><th scope="col">Received</th></tr></thead>
<tbody>${rows.map(renderRow)}</tbody></table></div>`
}

function renderRow({
  operation,
  state,
  because,
  vault_id,
  region,
  received_at,
  alert_id,
}: OpenOperation): Html {
  return html`<tr><th scope="row"><code>${operation}</code>${
    alert_id !== null && html`<small>alert <code>${alert_id}</code></small>`
  }</th><td data-label="State"><b>${state}</b>${
    because !== null && html`<small>${sentence(because)}</small>`
  }</td><td data-label="Vault">${vault_id ?? '–'}${region !== null && html`<small>${region}</small>`}</td><td data-label="Received">${
    received_at === null ? '–' : moment(received_at)
  }</td></tr>`
}
