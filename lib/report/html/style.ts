/** The one style of the page: system fonts, two colour schemes, narrow screens and paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #1d2226; --quiet: #5a636b; --rule: #deded6; --panel: #f5f5f0; --link: #1f5a8c;
  --critical: #a3121f; --high: #a94400; --medium: #7b5d00; --low: #41617f; --good: #27693d;
  --serif: 'Iowan Old Style', Charter, 'Bitstream Charter', 'Palatino Linotype', Palatino, Georgia, 'Liberation Serif', serif;
  --sans: -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', system-ui, sans-serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181a; --ink: #e3e5e2; --quiet: #a2aab0; --rule: #33393e; --panel: #1d2124; --link: #8fc1ec;
    --critical: #ff8f8a; --high: #f4a465; --medium: #dcc263; --low: #93b7da; --good: #88c898;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 70rem; padding: 0 clamp(1rem, 4vw, 3rem); background: var(--paper); color: var(--ink);
  font: 1rem/1.5 var(--sans); overflow-wrap: anywhere; font-variant-numeric: lining-nums; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1, h2, h3, .answer { font-family: var(--serif); text-wrap: balance; }
h2 { margin: 0 0 1rem; padding-top: .75rem; border-top: 1px solid var(--ink); font-size: 1.5rem; line-height: 1.2; font-weight: 600; }
h3 { margin: 2rem 0 .5rem; font-size: 1.125rem; line-height: 1.3; font-weight: 600; }
section { margin: 3.5rem 0; }
code, .control { font: .875em var(--mono); }
code { color: inherit; }
small { font-size: .8125rem; color: var(--quiet); }
time { white-space: nowrap; font-variant-numeric: tabular-nums; }
ul, ol, dl, dd, figure, p { margin: 0; padding: 0; }
ul, ol { list-style: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.shapes { position: absolute; }
.n + .n { margin-left: .18em; }

header { padding: clamp(1.5rem, 5vw, 3.5rem) 0 0; }
.kicker { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; color: var(--quiet); font-size: .875rem; }
h1 { margin: 1.5rem 0 .25rem; font-size: 1.25rem; font-weight: 400; font-style: italic; color: var(--quiet); line-height: 1.3; }
.scope { margin-bottom: .75rem; font-weight: 600; }
.answer { max-width: 24em; font-size: clamp(1.75rem, 1.2rem + 2.4vw, 2.75rem); line-height: 1.15; letter-spacing: -.01em; }
.answer strong { font-weight: 700; }
.no .answer strong { color: var(--critical); }
.yes .answer strong { color: var(--good); }
.unknown .answer { margin-top: .5rem; padding: .5rem 0 .5rem 1.25rem; border-left: .5rem solid var(--critical); }
.unknown .answer strong { color: var(--critical); }
.also { max-width: 44rem; margin-top: 1rem; font-size: 1.125rem; color: var(--quiet); }
.reasons { max-width: 52rem; margin-top: 1rem; }
.reasons li { padding: .25rem 0 .25rem 1.25rem; border-left: 1px solid var(--rule); }
header .reasons li { border-left: .5rem solid var(--critical); font-weight: 600; padding-left: 1.25rem; }
header .reasons { margin-top: 0; }
figure { margin-top: 2rem; }
.bar { display: block; width: 100%; height: .75rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin-top: .625rem; font-size: .875rem; color: var(--quiet); }
.legend .mark { margin-right: .35em; }
.legend b { color: var(--ink); font-variant-numeric: tabular-nums; }
rect.critical, rect.missing { fill: var(--critical); }
rect.high, rect.stale { fill: var(--high); }
rect.medium, rect.unknown { fill: var(--medium); }
rect.low, rect.impossible { fill: var(--low); }
rect.ready { fill: var(--good); }
rect.empty { fill: none; }

.mark { display: inline-flex; align-items: baseline; gap: .35em; white-space: nowrap; font-weight: 600; font-size: .875rem; }
.mark svg { width: .75em; height: .75em; fill: currentColor; flex: none; }
.mark.critical, .mark.missing { color: var(--critical); }
.mark.high, .mark.stale { color: var(--high); }
.mark.medium, .mark.unknown { color: var(--medium); }
.mark.low, .mark.impossible { color: var(--low); }
.mark.ready { color: var(--good); }
.mark.muted { color: var(--quiet); font-weight: 400; }
.tally { display: inline-flex; flex-wrap: wrap; gap: 0 .875rem; font-variant-numeric: tabular-nums; }

.numbers { display: grid; grid-template-columns: repeat(6, 1fr); gap: 1.25rem 2rem; }
.numbers div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.numbers dt { color: var(--quiet); font-size: .875rem; line-height: 1.3; }
.numbers dd { font: 2.25rem/1.15 var(--serif); font-variant-numeric: lining-nums; }
.numbers small { display: block; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 2rem 4rem; align-items: start; margin-top: 2.5rem; }
.columns th { white-space: nowrap; font-weight: 400; }
.severities th, .severities .count { width: 1%; }
.severities td:last-child { padding-left: 1rem; vertical-align: middle; }
.note { margin-top: .5rem; font-size: .8125rem; color: var(--quiet); }

table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
caption { padding-bottom: .5rem; text-align: left; color: var(--quiet); font-size: .875rem; }
th, td { padding: .5rem 1rem .5rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--rule); contain: paint; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-size: .8125rem; font-weight: 400; border-bottom-color: var(--ink); vertical-align: bottom; }
tbody th { font-weight: 600; }
tbody th.control { font-weight: 400; white-space: nowrap; }
th small, td small { display: block; font-weight: 400; line-height: 1.4; }
.stacked th[scope=row] { min-width: 12rem; }
.stacked td { min-width: 4rem; }
.count small { white-space: normal; }
.count { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td p + p { margin-top: .25rem; }
tr.incomplete b { color: var(--critical); }
tr.skipped { color: var(--quiet); }
.wide { position: relative; overflow-x: auto; }
.sortable th button { all: unset; cursor: pointer; }
.sortable th button:hover { color: var(--ink); text-decoration: underline; }
.sortable th button:focus-visible { outline: 2px solid var(--link); }
[aria-sort=ascending] button::after { content: ' ↑'; }
[aria-sort=descending] button::after { content: ' ↓'; }

.filter { margin-bottom: 1rem; font-size: .875rem; color: var(--quiet); }
.filter input { width: min(20rem, 100%); padding: .375rem .625rem; font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--rule); border-radius: .25rem; }
.group, .calm { border-bottom: 1px solid var(--rule); }
.calm > summary { padding: .75rem 0; cursor: pointer; }
.group summary, .reasons li { contain: paint; }
.group summary { display: grid; grid-template-columns: 1rem minmax(0, 1fr) auto; gap: 0 .5rem; align-items: baseline; padding: .75rem 0; cursor: pointer; list-style: none; }
.group summary::-webkit-details-marker { display: none; }
.group summary::before { content: '+'; color: var(--quiet); font-family: var(--mono); }
.group[open] summary::before { content: '–'; }
.group summary:hover h3 { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
.group h3 { margin: 0; }
.group .where { grid-column: 2; grid-row: 2; color: var(--quiet); font-size: .875rem; }
.group .tally { grid-column: 3; grid-row: 1; }
.ids, .group ol, .group .more { margin-left: 1.5rem; }
.ids { color: var(--quiet); font-size: .8125rem; }
.group ol { margin-bottom: .75rem; }
.finding { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); padding: .625rem 0; contain: paint; }
.finding + .finding { border-top: 1px solid var(--rule); }
.finding.muted .because { color: var(--quiet); }
.because { max-width: 48rem; }
.meta { color: var(--quiet); font-size: .8125rem; }
.meta > span + span::before { content: '  ·  '; white-space: pre; }
.meta b { color: var(--ink); }
.more { padding: .5rem 0; color: var(--quiet); font-size: .875rem; font-style: italic; }

.terms { columns: 2 24rem; column-gap: 3rem; }
.terms div { break-inside: avoid; padding-bottom: .75rem; }
.terms dt { font-weight: 600; }
.terms dd { color: var(--quiet); }
.files li { padding: .125rem 0; color: var(--quiet); }
.files a { font: .875em var(--mono); }
footer { margin-top: 3.5rem; padding: 1rem 0 3rem; border-top: 1px solid var(--ink); color: var(--quiet); font-size: .8125rem; }

@media (max-width: 60rem) {
  .numbers { grid-template-columns: repeat(3, 1fr); }
}
@media screen and (max-width: 44rem) {
  .numbers { grid-template-columns: repeat(2, 1fr); }
  section { margin: 2.5rem 0; }
  .stacked, .stacked caption, .stacked tbody, .stacked tr, .stacked th, .stacked td { display: block; width: 100%; }
  .stacked thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .stacked tr { padding: .625rem 0; border-bottom: 1px solid var(--rule); }
  .stacked th[scope=row], .stacked th, .stacked td { min-width: 0; padding: .0625rem 0; border: 0; white-space: normal; text-align: left; }
  .stacked [data-label] { display: grid; grid-template-columns: 8rem minmax(0, 1fr); }
  .stacked [data-label]::before { content: attr(data-label); grid-row: 1 / span 9; color: var(--quiet); font-size: .8125rem; }
  .stacked [data-label] > * { grid-column: 2; }
  .group summary { grid-template-columns: 1rem minmax(0, 1fr); }
  .group .tally { grid-column: 2; grid-row: auto; }
  .ids, .group ol, .group .more { margin-left: 0; }
  .finding { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --rule: #bbb; --panel: #fff; --link: #000;
    --critical: #a3121f; --high: #a94400; --medium: #7b5d00; --low: #41617f; --good: #27693d; }
  @page { margin: 15mm; }
  html { font-size: 62.5%; }
  body { max-width: none; padding: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header { padding-top: 0; }
  section { margin: 2.5rem 0; }
  .filter { display: none; }
  .wide { overflow: visible; }
  .numbers { grid-template-columns: repeat(6, 1fr); }
  h2, h3, caption, .ids, .group summary { break-after: avoid; }
  .finding, tr, .numbers, .columns, .terms div { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .group summary::before { content: ''; }
}
`
