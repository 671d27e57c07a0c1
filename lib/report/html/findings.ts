import type { Finding } from '../../audit/record.ts'
import type { Group, GroupsDigest } from './group-findings.ts'
import { type Html, html, name, sentence } from './html.ts'
import { mark, renderTally } from './marks.ts'
import { counted, moment } from './wording.ts'

// Hostile names can make any row long; what is over this is left to the file, and the page says so.
const MAX_LENGTH = 3_000_000

/** The findings, rolled up by vault or DCS instance, worst first. */
export function renderFindings({ groups, elsewhere }: GroupsDigest): Html {
  let left = MAX_LENGTH
  const rendered = groups.map((group, index) => {
    const items: Html[] = []
    for (const finding of group.shown) {
      const item = renderFinding(finding)
      left -= item.markup.length
      if (left < 0) break
      items.push(item)
    }
    return renderGroup(group, items, index === 0)
  })
  return html`<section aria-labelledby="findings">
<h2 id="findings">Findings by vault and instance</h2>
${groups.length === 0 ? html`<p>No findings.</p>` : html`<form class="filter" hidden role="search"><label>Show findings with <input type="search" placeholder="name, id, control …"></label> <output></output></form>`}
${rendered}
${
  elsewhere.findings > 0 &&
  html`<p class="more">Not shown: ${counted(elsewhere.findings, 'finding')} of ${counted(elsewhere.groups, 'more vault or instance', 'more vaults and instances')}. All are in <a href="findings.csv">findings.csv</a>.</p>`
}
</section>`
}

function renderGroup(group: Group, items: readonly Html[], isOpen: boolean): Html {
  const hidden = group.tally.total - items.length
  const title = group.name ?? group.id
  return html`<details class="group"${isOpen && html` open`}>
<summary><h3>${title === null ? 'In no vault' : name(title)}</h3> <span class="where">${kindOf(group)} · ${group.region}</span> ${renderTally(group.tally)}</summary>
<p class="ids">${group.id !== null && html`<code>${name(group.id)}</code> in `}project <code>${group.projectId}</code></p>
<ol>${items}</ol>
${hidden > 0 && html`<p class="more">Not shown: ${counted(hidden, 'more finding')}. All are in <a href="findings.csv">findings.csv</a>.</p>`}
</details>
`
}

function kindOf({ service, id }: Group): string {
  if (service === 'dcs') return 'DCS instance'
  return id === null ? service.toUpperCase() : `${service.toUpperCase()} vault`
}

function renderFinding(finding: Finding): Html {
  const {
    control,
    severity,
    because,
    muted,
    resource_id,
    resource_name,
    backup_id,
    backup_name,
    created_at,
  } = finding
  return html`<li class="finding${muted && ' muted'}">${mark(severity)}<div>
<p class="because">${sentence(because)}</p>
<p class="meta"><span class="control">${control}</span>${
    resource_id !== null && html`<span>resource ${name(resource_name ?? resource_id)}</span>`
  }${
    backup_id !== null &&
    html`<span>backup ${name(backup_name ?? backup_id)}${created_at !== null && html`, ${moment(created_at)}`}</span>`
  }<span>${renderDelta(finding)}</span></p>
${muted && html`<p class="meta">Muted until ${moment(finding.mute_until)}: ${sentence(finding.mute_reason ?? '')}</p>`}
</div></li>
`
}

function renderDelta({ delta, first_seen }: Finding): Html {
  switch (delta) {
    case 'new':
      return html`<b>new</b>`
    case 'reopened':
      return html`<b>reopened</b>, first seen ${moment(first_seen)}`
    case 'persisting':
      return html`since ${moment(first_seen)}`
  }
}
