import type { Summary } from '../../audit/record.ts'
import { type Html, html } from './html.ts'
import { moment } from './wording.ts'

const TERMS = [
  [
    'Usable',
    'A recovery point that Huawei Cloud calls available (DCS: succeeded and restorable) and that had not expired when the audit began.',
  ],
  [
    'None',
    'A resource that can be backed up but has no usable recovery point at all. Copies in other regions count.',
  ],
  [
    'Stale',
    'The newest usable recovery point is older than the policy allows. What changed since then would be lost.',
  ],
  [
    'Not possible',
    'A resource of a kind that cannot be backed up, such as a DCS instance with a single node.',
  ],
  ['Unknown', 'Huawei Cloud did not say enough to judge. Unknown is never counted as good.'],
  [
    'Complete',
    'Every target was read to its end, and the rows received agree with the count that Huawei Cloud itself gives. An audit that is not proved complete says so on top, and resolves no earlier finding.',
  ],
  [
    'Muted',
    'A finding for which somebody has taken responsibility until a date. It is still counted, and still shown.',
  ],
] as const

const FILES = [
  ['findings.csv', 'every finding, for spreadsheets'],
  ['findings.ndjson', 'the same, for programs'],
  ['resources.csv', 'every resource, good or bad'],
  ['resources.ndjson', 'the same, for programs'],
  ['findings.ocsf.ndjson', 'the findings as OCSF events, for a SIEM'],
  ['summary.json', 'all totals'],
  ['manifest.json', 'every file with its SHA-256, written last: where it is present, the report is whole'],
] as const

/** How to read the page, and where the rest is. */
export function renderReading(): Html {
  return html`<section aria-labelledby="reading">
<h2 id="reading">How to read this</h2>
<dl class="terms">${TERMS.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}</dl>
<h3>Files beside this page</h3>
<ul class="files">${FILES.map(([file, content]) => html`<li><a href="${file}">${file}</a> ${content}</li>`)}</ul>
</section>`
}

/** Which audit this is, and what made the page. */
export function renderFooter(summary: Summary, toolVersion: string): Html {
  return html`<footer>
<p>Audit <code>${summary.audit_id}</code>, from ${moment(summary.started_at)} to ${moment(summary.finished_at)} UTC, by huawei-backup-audit ${toolVersion}. All times are UTC.</p>
</footer>`
}
