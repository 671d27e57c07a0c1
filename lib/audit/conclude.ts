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
  /** Whether the list of backups of a target broke off: there absence proves nothing. */
  readonly brokeOff: (target: Target) => boolean
}

/** Ends an audit: judges the resources, lets go of children that are listed themselves, and puts all in order. */
export function conclude(part: Part, terms: ConcludeTerms): Conclusion {
  const isListed = listedAmong(part, childIds(part))
  const unknowns = createCounter()
  for (const { control, because, prints } of part.questions) unknowns.add(control, because, prints.length)
  for (const { control, because, backupId } of part.childQuestions)
    if (!isListed(backupId)) unknowns.add(control, because, 1)

  const findings = new Map(part.findings.map((finding) => [finding.finding_id, finding]))
  for (const finding of part.childFindings)
    if (!isListed(finding.backup_id)) findings.set(finding.finding_id, finding)

  const rows: ResourceRow[] = []
  for (const [history, home] of residents(part.histories)) {
    rows.push(toResourceRow(history, home, terms.asOf))
    for (const control of terms.controls) {
      if (control.scope !== 'resource') continue
      const verdict = judge(control, history, home, terms)
      if (verdict.outcome === 'unknown') unknowns.add(control.id, verdict.because, 1)
      if (verdict.outcome !== 'fail') continue
      const finding = resourceFinding(control, verdict, history, home, terms)
      findings.set(finding.finding_id, finding)
    }
  }

  const tally = createTally(terms.controls)
  const sorted = [...findings.values()].sort((a, b) => compareText(a.finding_id, b.finding_id))
  for (const finding of sorted) tally.add(finding)
  return {
    findings: sorted,
    resources: rows.sort(compareRows).map(tally.counted),
    unknown: summariseUnknown(terms.controls, unknowns.counts()),
    backups: countBackups(part),
  }
}

function judge(control: ResourceControl, history: History, home: Home, terms: ConcludeTerms): Verdict {
  const verdict = control.check(history, terms)
  if (verdict.outcome !== 'fail' || !terms.brokeOff(home)) return verdict
  return { outcome: 'unknown', because: 'The list of its backups broke off' }
}

/** The histories that are resources of the audit, with where they live. */
function* residents(histories: readonly History[]): Iterable<readonly [History, Home]> {
  for (const history of histories) {
    const home = homeOf(history)
    if (home !== undefined && isResident(history)) yield [history, home]
  }
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

function createCounter() {
  const counts = new Map<string, UnknownCount>()
  return {
    add: (control: string, because: string, count: number) => {
      const key = `${control}\n${because}`
      counts.set(key, { control, because, count: count + (counts.get(key)?.count ?? 0) })
    },
    counts: (): readonly UnknownCount[] => [...counts.values()],
  }
}

function compareRows(a: ResourceRow, b: ResourceRow): number {
  return compareText(a.service, b.service) || compareText(a.resource_id, b.resource_id)
}
