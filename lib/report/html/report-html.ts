import { createHash } from 'node:crypto'
import type { Summary } from '../../audit/record.ts'
import { namesIn } from '../../audit/scope.ts'
import type { PageDraft, PageFormat, ReadAgain } from '../format.ts'
import { type Answer, answer } from './answer.ts'
import { renderControls } from './controls.ts'
import { countFindings, type FindingsDigest } from './digest-findings.ts'
import { countResources, type ResourcesDigest } from './digest-resources.ts'
import { renderFindings } from './findings.ts'
import { embedded, type Html, html, trusted } from './html.ts'
import { shapes } from './marks.ts'
import { renderNumbers } from './numbers.ts'
import { renderOpening } from './opening.ts'
import { renderOperations } from './operations.ts'
import { renderFooter, renderReading } from './reading.ts'
import { renderResources } from './resources.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'
import { renderTargets } from './targets.ts'

/** `report.html`: one page for people, whole in itself; it shows the worst, and says what it does not show. */
export function reportHtml(toolVersion: string): PageFormat {
  return {
    file: 'report.html',
    contentType: 'text/html; charset=utf-8',
    begin: () => begin(toolVersion),
  }
}

// Nothing may be loaded, sent or run but the one style and the one script of ours, whatever a name in the cloud tries.
const POLICY = `default-src 'none'; script-src '${hashOf(SCRIPT)}'; style-src '${hashOf(STYLE)}'; base-uri 'none'; form-action 'none'`

function begin(toolVersion: string): PageDraft {
  const findings = countFindings()
  const resources = countResources(findings)
  return {
    addFinding: findings.add,
    addResource: resources.add,
    render: async function* (summary: Summary, again: ReadAgain) {
      yield* render(summary, await findings.digest(again), resources.digest(), toolVersion)
    },
  }
}

function* render(
  summary: Summary,
  findings: FindingsDigest,
  resources: ResourcesDigest,
  toolVersion: string,
): Iterable<string> {
  const answered = answer(summary, resources.readiness)
  yield renderHead(summary, answered).markup
  yield renderOpening(summary, answered, resources.readiness).markup
  yield '\n<main>\n'
  yield renderNumbers(summary).markup
  yield renderControls(summary, findings.controls)?.markup ?? ''
  yield renderFindings(findings).markup
  yield renderResources(resources, summary.resources).markup
  yield renderOperations(summary)?.markup ?? ''
  yield renderTargets(summary.targets).markup
  yield renderReading().markup
  yield '\n</main>\n'
  yield renderFooter(summary, toolVersion).markup
  yield html`
<script type="application/json" id="summary">${embedded(summary)}</script>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.markup
}

function renderHead({ as_of, scope }: Summary, { headline, sentence }: Answer): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${headline} ${sentence} Backup audit${scope !== null && ` of ${namesIn(scope).join(' and ')}`} ${as_of.slice(0, 10)}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${shapes}
`
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
