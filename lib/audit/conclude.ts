import type { Target } from '../backup.ts'
import { IdSet } from '../id-set.ts'
import type { AuditTerms } from './audit.ts'
import { type ResourceControl, unknown, type Verdict } from './control.ts'
import type { EarlierFinding } from './delta.ts'
import { resourceFinding, resourceFindingId } from './finding.ts'
import { fingerprint, resourceFingerprint, seedOf, shortened, withoutTags } from './fingerprint.ts'
import type { History } from './history.ts'
import { type Home, homeOf } from './home.ts'
import { openQuestions } from './open-questions.ts'
import { compareText } from './order.ts'
import type { Part } from './part.ts'
import type { Finding, ResourceRow, Summary } from './record.ts'
import { toResourceRow } from './resource-row.ts'
import { covers } from './scope.ts'
import { summariseUnknown, type UnknownCount } from './summarise.ts'
import { doubtFromElsewhere, doubtFromHome, type Unread } from './unseen.ts'

/** What an audit found, but for the comparison with earlier ones. */
export interface Conclusion {
  /** In streams, each sorted by `finding_id`. */
  readonly findings: readonly Iterable<Finding>[]
  /** Sorted by service, then `resource_id`, made anew as often as somebody asks; what was found of each is not counted in yet. */
  readonly resources: Iterable<ResourceRow>
  /** How many resources there are. */
  readonly resourceCount: number
  readonly unknown: Summary['unknown']
  /** The ids of findings of resources that were not made, as that could not be told: they are not gone. */
  readonly inDoubt: ReadonlySet<string>
  /** Whether an answer did not suffice to judge what an earlier finding was about: it is not gone either. */
  readonly isOpen: (earlier: EarlierFinding) => boolean
  /** Backups inside the audit, and in its scope, each once; children are no backups of the audit. */
  readonly backups: number
}

/** What `conclude` judges by. */
export interface ConcludeTerms extends AuditTerms, Unread {
  /** Whether backups of a resource may exist that were not seen, as their list broke off: there absence proves nothing. */
  readonly brokeOff: (target: Target, resourceId: string) => boolean
}

/** Ends an audit: judges the resources, lets go of children that are listed themselves, and puts all in order. */
export function conclude(part: Part, terms: ConcludeTerms): Conclusion {
  const isListed = listedAmong(part)
  const judged = judgeResources(part, terms)
  const ofChildren = part.childFindings.filter(
    (finding) => !isListed(targetOf(finding), finding.backup_id ?? ''),
  )
  const ofResources = judged.findings.sort((a, b) => compareText(a.finding_id, b.finding_id))
  return {
    findings: [part.findings, ofChildren, ofResources],
    resources: { [Symbol.iterator]: () => rowsOf(part, terms) },
    resourceCount: judged.resources,
    unknown: summariseUnknown(terms.controls, [
      ...part.questions.map(({ prints, ...question }) => ({ ...question, count: prints.length })),
      ...part.childQuestions
        .filter((question) => !isListed(question, question.backupId))
        .map(({ control, because }) => ({ control, because, count: 1 })),
      ...judged.unknowns,
    ]),
    inDoubt: judged.inDoubt,
    isOpen: openQuestions(part, { judged: judged.answered, isListed }),
    backups: terms.scope === undefined ? judged.backups + part.strays.length : part.scoped.length,
  }
}

/** What the controls that ask of a whole resource say. */
function judgeResources(part: Part, terms: ConcludeTerms) {
  const findings: Finding[] = []
  const unknowns: UnknownCount[] = []
  const inDoubt = new Set<string>()
  let [resources, backups] = [0, 0]
  const controls = terms.controls.filter((control) => control.scope === 'resource')
  // Only beside what hides resources does it matter of which the answer is known.
  const hasBlindSpots = part.questions.some((question) => controls.some(({ id }) => id === question.control))
  const answered = new IdSet()
  const residenceOf = residences(part, terms)
  for (const history of part.histories.summed()) {
    backups += history.counts.backups
    const home = residenceOf(history)
    if (home === undefined) continue
    resources += 1
    for (const control of controls) {
      const verdict = judge(control, history, home, terms)
      if (verdict.outcome === 'unknown') {
        unknowns.push({ control: control.id, because: verdict.because, count: 1 })
        inDoubt.add(resourceFindingId(control, history, home))
        continue
      }
      if (hasBlindSpots) answered.add(resourceFindingId(control, history, home))
      if (verdict.outcome === 'fail') findings.push(resourceFinding(control, verdict, history, home, terms))
    }
  }
  return { resources, backups, findings, unknowns, inDoubt, answered }
}

function* rowsOf(part: Part, terms: ConcludeTerms): Iterator<ResourceRow> {
  const residenceOf = residences(part, terms)
  for (const history of part.histories.summed()) {
    const home = residenceOf(history)
    if (home !== undefined) yield toResourceRow(history, home, terms.asOf)
  }
}

/** Says where a resource lives, if it is one of the audit. */
function residences({ held }: Part, { scope }: ConcludeTerms): (history: History) => Home | undefined {
  const isHeld = new Set(held)
  return (history) => {
    const home = homeOf(history)
    if (home === undefined || !isResident(history)) return undefined
    const { service, resourceId } = history
    // Its home is one of the vaults that hold it, and the scope may name another.
    const isInScope =
      covers(scope, { ...home, resourceId }) || isHeld.has(resourceFingerprint(service, resourceId))
    return isInScope ? home : undefined
  }
}

function judge(control: ResourceControl, history: History, home: Home, terms: ConcludeTerms): Verdict {
  const verdict = control.check(history, terms)
  if (verdict.outcome === 'unknown') return verdict
  const atHome = terms.brokeOff(home, history.resourceId) ? doubtFromHome(control, history, terms) : undefined
  const because = atHome ?? doubtFromElsewhere(control, history, home, terms)
  return because === undefined ? verdict : unknown(because)
}

/** DCS resources are the listed instances alone; what a vault lets go counts only where a backup lists it. */
function isResident({ service, holder, counts }: History): boolean {
  if (service === 'dcs') return holder !== undefined
  return counts.backups > 0 || holder?.held === true
}

/** Says which children are also listed by themselves in their target: there they are judged, and there alone. */
function listedAmong(part: Part): (child: Target, id: string) => boolean {
  const printOf = (child: Target, id: string): number => shortened(fingerprint(seedOf(child), id))
  const asked = new Set([
    ...part.childQuestions.map((question) => printOf(question, question.backupId)),
    ...part.childFindings.map((finding) => printOf(targetOf(finding), finding.backup_id ?? '')),
  ])
  if (asked.size === 0) return () => false
  const listed = new Set<number>()
  const note = (prints: readonly number[]) => {
    for (const print of prints) {
      const own = shortened(withoutTags(print))
      if (asked.has(own)) listed.add(own)
    }
  }
  note(part.strays)
  for (const { prints } of part.histories) note(prints)
  return (child, id) => listed.has(printOf(child, id))
}

function targetOf({ service, region, project_id }: Finding): Target {
  return { service, region, projectId: project_id }
}
