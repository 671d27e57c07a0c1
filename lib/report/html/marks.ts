import { SEVERITIES, type Severity } from '../../audit/control.ts'
import type { Readiness } from './digest-resources.ts'
import { type Html, html } from './html.ts'
import type { Tally } from './tally.ts'
import { figure } from './wording.ts'

/** The word for each readiness. */
export const READINESS_WORDS = {
  missing: 'none',
  stale: 'stale',
  unknown: 'unknown',
  impossible: 'not possible',
  ready: 'usable',
} as const satisfies Record<Readiness, string>

type Mark = Severity | Readiness

// A shape of its own for each, so that nothing depends on seeing colours.
const SHAPES = {
  critical: html`<path d="M8 .5 15.5 8 8 15.5.5 8z"/>`,
  high: html`<path d="M8 1.5 15.5 14.5H.5z"/>`,
  medium: html`<path d="M2 2h12v12H2z"/>`,
  low: html`<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2.5"/>`,
  missing: html`<path d="M8 .5 15.5 8 8 15.5.5 8z"/>`,
  stale: html`<path d="M8 1.5 15.5 14.5H.5z"/>`,
  unknown: html`<path d="M5 5.6a3 3 0 1 1 4.4 2.7C8.4 8.9 8 9.4 8 10.6M8 12.9v1.8" fill="none" stroke="currentColor" stroke-width="2"/>`,
  impossible: html`<g fill="none" stroke="currentColor" stroke-width="2.2"><circle cx="8" cy="8" r="6"/><path d="M4 12 12 4"/></g>`,
  ready: html`<path d="M2 8.5 6.2 12.7 14 3.5" fill="none" stroke="currentColor" stroke-width="2.5"/>`,
} as const satisfies Record<Mark, Html>

/** The shapes, once per page; marks refer to them. */
export const shapes: Html = html`<svg class="shapes" aria-hidden="true" width="0" height="0"><defs>${Object.entries(
  SHAPES,
).map(([id, shape]) => html`<symbol id="${id}" viewBox="0 0 16 16">${shape}</symbol>`)}</defs></svg>`

/** A shape with its word: what it says does not depend on colour. */
export function mark(kind: Mark, word: string | Html = kind): Html {
  return html`<span class="mark ${kind}"><svg aria-hidden="true"><use href="#${kind}"/></svg> ${word}</span>`
}

/** A tally in shapes, numbers and words. */
export function renderTally({ open, muted }: Tally): Html {
  return html`<span class="tally">${SEVERITIES.map(
    (severity) =>
      open[severity] > 0 &&
      mark(severity, html`${figure(open[severity])}<span class="unseen"> ${severity}</span>`),
  )}${muted > 0 && html`<span class="mark muted">${figure(muted)} muted</span>`}</span>`
}
