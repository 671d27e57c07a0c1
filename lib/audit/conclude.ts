import type { Target } from '../backup.ts'
import type { AuditTerms } from './audit.ts'
import type { ResourceControl, Verdict } from './control.ts'
import { resourceFinding } from './finding.ts'
import { fingerprint, seedOf, withoutTags } from './fingerprint.ts'
import type { History } from './history.ts'
import { type Home, homeOf } from './home.ts'
import { compareText } from './order.ts'
import type { Part } from './part.ts'
import type { Finding, ResourceRow, Summary } from './record.ts'
import { toResourceRow } from './resource-row.ts'
import { createTally, summariseUnknown, type UnknownCount } from './summarise.ts'

/** What an audit found, but for the comparison with earlier ones. */
export interface Conclusion {
  /** Sorted by `finding_id`. */
  readonly findings: readonly Finding[]
  /** Sorted by service, then `resource_id`. */
  readonly resources: readonly ResourceRow[]
  readonly unknown: Summary['unknown']
  /** Backups inside the audit, each once; children are no backups of the audit. */
  readonly backups: number
}

/** What `conclude` judges by. */
export interface ConcludeTerms extends AuditTerms {
  /** Whether backups of a resource may exist that were not seen, as their list broke off: there absence proves nothing. */
  readonly brokeOff: (target: Target, resourceId: string) => boolean
}

/** Ends an audit: judges the resources, lets go of children that are listed themselves, and puts all in order. */
export function conclude(part: Part, terms: ConcludeTerms): Conclusion {
  const isListed = listedAmong(part, childIds(part))
  const resources = judgeResources(part, terms)
  const findings = [
    ...part.findings,
    ...part.childFindings.filter(({ backup_id }) => !isListed(backup_id)),
    ...resources.findings,
  ].sort((a, b) => compareText(a.finding_id, b.finding_id))
  const tally = createTally(terms.controls)
  for (const finding of findings) tally.add(finding)
  return {
    findings,
    resources: resources.rows.sort(compareRows).map(tally.counted),
    unknown: summariseUnknown(terms.controls, [
      ...part.questions.map(({ prints, ...question }) => ({ ...question, count: prints.length })),
      ...part.childQuestions
        .filter(({ backupId }) => !isListed(backupId))
        .map(({ control, because }) => ({ control, because, count: 1 })),
      ...resources.unknowns,
    ]),
    backups: countBackups(part),
  }
}

/** One row for each resource, and what the controls that ask of a whole resource say. */
function judgeResources(part: Part, terms: ConcludeTerms) {
  const rows: ResourceRow[] = []
  const findings: Finding[] = []
  const unknowns: UnknownCount[] = []
  const controls = terms.controls.filter((control) => control.scope === 'resource')
  for (const history of part.histories) {
    const home = homeOf(history)
    if (home === undefined || !isResident(history)) continue
    rows.push(toResourceRow(history, home, terms.asOf))
    for (const control of controls) {
      const verdict = judge(control, history, home, terms)
      if (verdict.outcome === 'unknown')
        unknowns.push({ control: control.id, because: verdict.because, count: 1 })
      if (verdict.outcome === 'fail') findings.push(resourceFinding(control, verdict, history, home, terms))
    }
  }
  return { rows, findings, unknowns }
}

function judge(control: ResourceControl, history: History, home: Home, terms: ConcludeTerms): Verdict {
  const verdict = control.check(history, terms)
  if (verdict.outcome !== 'fail' || !terms.brokeOff(home, history.resourceId)) return verdict
  return { outcome: 'unknown', because: 'The list of its backups broke off' }
}

/** DCS resources are the listed instances alone; what a vault lets go counts only where a backup lists it. */
function isResident({ service, holder, prints }: History): boolean {
  if (service === 'dcs') return holder !== undefined
  return prints.length > 0 || holder?.held === true
}

function childIds(part: Part): ReadonlySet<string> {
  const ids = new Set(part.childQuestions.map(({ backupId }) => backupId))
  for (const { backup_id } of part.childFindings) if (backup_id !== null) ids.add(backup_id)
  return ids
}

/** Says which of some ids are also listed by themselves, in whatever target of the audit. */
function listedAmong(part: Part, ids: ReadonlySet<string>): (id: string | null) => boolean {
  if (ids.size === 0) return () => false
  const idOf = new Map<number, string>()
  for (const seed of part.targets.map(seedOf)) for (const id of ids) idOf.set(fingerprint(seed, id), id)
  const listed = new Set<string>()
  for (const prints of [part.strays, ...part.histories.map((history) => history.prints)]) {
    for (const print of prints) {
      const id = idOf.get(withoutTags(print))
      if (id !== undefined) listed.add(id)
    }
  }
  return (id) => id !== null && listed.has(id)
}

function countBackups({ histories, strays }: Part): number {
  return histories.reduce((sum, { prints }) => sum + prints.length, strays.length)
}

function compareRows(a: ResourceRow, b: ResourceRow): number {
  return compareText(a.service, b.service) || compareText(a.resource_id, b.resource_id)
}
