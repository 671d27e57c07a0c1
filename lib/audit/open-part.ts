import type { Target } from '../backup.ts'
import { getOrCreate } from '../get-or-create.ts'
import { distinctFingerprints } from './fingerprint.ts'
import { compareTwins, HeldFindings } from './held-findings.ts'
import { Histories } from './histories.ts'
import { compareText } from './order.ts'
import type { ChildQuestion, Part } from './part.ts'
import type { Finding } from './record.ts'
import { SCOPE_KEYS, type ScopeKey } from './scope.ts'

/** A part that is still being written; `closed` makes a part of it. */
export interface OpenPart {
  readonly targets: Map<string, Target>
  readonly findings: HeldFindings
  readonly childFindings: Map<string, Finding>
  readonly questions: Map<string, { control: string; because: string; prints: number[] }>
  readonly childQuestions: Map<string, ChildQuestion>
  readonly histories: Histories
  readonly strays: number[]
  readonly scoped: number[]
  readonly held: number[]
  readonly sighted: Set<ScopeKey>
}

/** A part that has learned nothing yet. */
export function openPart(): OpenPart {
  return {
    targets: new Map(),
    findings: new HeldFindings(),
    childFindings: new Map(),
    questions: new Map(),
    childQuestions: new Map(),
    histories: new Histories(),
    strays: [],
    scoped: [],
    held: [],
    sighted: new Set(),
  }
}

/** What the part says; it goes on saying it when more is added, but for the findings and the histories. */
export function closed(part: OpenPart): Part {
  return {
    targets: sortedValues(part.targets),
    findings: part.findings,
    childFindings: sortedValues(part.childFindings),
    questions: sortedValues(part.questions).map((question) => ({
      ...question,
      prints: distinctFingerprints(question.prints),
    })),
    childQuestions: sortedValues(part.childQuestions),
    histories: part.histories,
    strays: distinctFingerprints(part.strays),
    scoped: distinctFingerprints(part.scoped),
    held: distinctFingerprints(part.held),
    sighted: SCOPE_KEYS.filter((key) => part.sighted.has(key)),
  }
}

/** Remembers a finding of a child once; children with findings are few. */
export function addChildFinding({ childFindings }: OpenPart, finding: Finding): void {
  const known = childFindings.get(finding.finding_id)
  if (known === undefined || compareTwins(finding, known) < 0) childFindings.set(finding.finding_id, finding)
}

/** Remembers that a control could not judge a backup. */
export function addQuestion(part: OpenPart, control: string, because: string, print: number): void {
  const question = () => ({ control, because, prints: [] })
  getOrCreate(part.questions, `${control}\n${because}`, question).prints.push(print)
}

/** Remembers that a control could not judge a child. */
export function addChildQuestion(part: OpenPart, question: ChildQuestion): void {
  const { control, because, service, region, projectId, backupId } = question
  part.childQuestions.set(JSON.stringify([control, because, service, region, projectId, backupId]), question)
}

/** Remembers a target in which backups were listed. */
export function addTarget(part: OpenPart, { service, region, projectId }: Target): void {
  part.targets.set(JSON.stringify([service, region, projectId]), { service, region, projectId })
}

/** The values in the order of their keys. */
function sortedValues<Value>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => compareText(a, b)).map(([, value]) => value)
}
