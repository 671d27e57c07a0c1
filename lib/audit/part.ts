import type { Service, Target } from '../backup.ts'
import { distinctPrints } from './fingerprint.ts'
import { foldHistory, type History, type OpenHistory, openHistory, settled } from './history.ts'
import { compareJson, compareText } from './order.ts'
import type { Finding } from './record.ts'
import { SCOPE_KEYS, type ScopeKey } from './scope.ts'

/** How often a control could not judge for the same reason: a fingerprint for each backup. */
export interface OpenQuestion {
  readonly control: string
  readonly because: string
  readonly prints: readonly number[]
}

/** A control that could not judge a child; it counts only where the child is not listed itself. */
export interface ChildQuestion extends Target {
  readonly control: string
  readonly because: string
  readonly backupId: string
}

/**
 * What was learned from some of the observations of an audit: plain data, good for JSON, sorted, so that equal
 * observations make equal parts. Parts merge in any order to what one reading of everything would have told.
 */
export interface Part {
  readonly targets: readonly Target[]
  /** Of listed backups; final but for the comparison with earlier audits. */
  readonly findings: readonly Finding[]
  /** Of children; they fall away where the child turns out to be listed itself. */
  readonly childFindings: readonly Finding[]
  readonly questions: readonly OpenQuestion[]
  readonly childQuestions: readonly ChildQuestion[]
  readonly histories: readonly History[]
  /** The fingerprints of backups that belong to no resource. */
  readonly strays: readonly number[]
  /** The fingerprints of backups that lie in the scope; none where the audit has no scope. */
  readonly scoped: readonly number[]
  /** What of the scope was met at all. */
  readonly sighted: readonly ScopeKey[]
}

/** A part that is still being written; `closed` makes a part of it. */
export interface OpenPart {
  readonly targets: Map<string, Target>
  readonly findings: Map<string, Finding>
  readonly childFindings: Map<string, Finding>
  readonly questions: Map<string, { control: string; because: string; prints: number[] }>
  readonly childQuestions: Map<string, ChildQuestion>
  readonly histories: Readonly<Record<Service, Map<string, OpenHistory>>>
  readonly strays: number[]
  readonly scoped: number[]
  readonly sighted: Set<ScopeKey>
}

/** A part that has learned nothing yet. */
export function openPart(): OpenPart {
  return {
    targets: new Map(),
    findings: new Map(),
    childFindings: new Map(),
    questions: new Map(),
    childQuestions: new Map(),
    histories: { cbr: new Map(), dcs: new Map() },
    strays: [],
    scoped: [],
    sighted: new Set(),
  }
}

/** Several parts as one: the same whatever their order and wherever they were cut. */
export function mergeParts(parts: Iterable<Part>): Part {
  const merged = openPart()
  for (const part of parts) absorb(merged, part)
  return closed(merged)
}

/** The part as plain data. */
export function closed(part: OpenPart): Part {
  return {
    targets: sortedValues(part.targets),
    findings: sortedValues(part.findings),
    childFindings: sortedValues(part.childFindings),
    questions: sortedValues(part.questions).map((question) => ({
      ...question,
      prints: distinctPrints(question.prints),
    })),
    childQuestions: sortedValues(part.childQuestions),
    histories: [...sortedValues(part.histories.cbr), ...sortedValues(part.histories.dcs)].map(settled),
    strays: distinctPrints(part.strays),
    scoped: distinctPrints(part.scoped),
    sighted: SCOPE_KEYS.filter((key) => part.sighted.has(key)),
  }
}

/** Remembers a finding once: of two with one id the child of the lower parent stays, else the lower text. */
export function addFinding(findings: Map<string, Finding>, finding: Finding): void {
  const known = findings.get(finding.finding_id)
  if (known === undefined || compareTwins(finding, known) < 0) findings.set(finding.finding_id, finding)
}

/** Remembers that a control could not judge a backup. */
export function addQuestion(part: OpenPart, control: string, because: string, print: number): void {
  const key = `${control}\n${because}`
  const known = part.questions.get(key)
  if (known === undefined) part.questions.set(key, { control, because, prints: [print] })
  else known.prints.push(print)
}

/** Remembers that a control could not judge a child. */
export function addChildQuestion(part: OpenPart, question: ChildQuestion): void {
  const { control, because, service, region, projectId, backupId } = question
  part.childQuestions.set(JSON.stringify([control, because, service, region, projectId, backupId]), question)
}

/** The history of a resource, begun where there is none. */
export function historyIn(part: OpenPart, service: Service, resourceId: string): OpenHistory {
  const known = part.histories[service].get(resourceId)
  if (known !== undefined) return known
  const history = openHistory(service, resourceId)
  part.histories[service].set(resourceId, history)
  return history
}

function absorb(into: OpenPart, part: Part): void {
  for (const target of part.targets) addTarget(into, target)
  for (const finding of part.findings) addFinding(into.findings, finding)
  for (const finding of part.childFindings) addFinding(into.childFindings, finding)
  for (const { control, because, prints } of part.questions)
    for (const print of prints) addQuestion(into, control, because, print)
  for (const question of part.childQuestions) addChildQuestion(into, question)
  for (const history of part.histories)
    foldHistory(historyIn(into, history.service, history.resourceId), history)
  for (const print of part.strays) into.strays.push(print)
  for (const print of part.scoped) into.scoped.push(print)
  for (const key of part.sighted) into.sighted.add(key)
}

/** Remembers a target in which backups were listed. */
export function addTarget(part: OpenPart, { service, region, projectId }: Target): void {
  part.targets.set(JSON.stringify([service, region, projectId]), { service, region, projectId })
}

/** The values in the order of their keys. */
export function sortedValues<Value>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => compareText(a, b)).map(([, value]) => value)
}

/** Which of two findings with one id is kept. */
export function compareTwins(a: Finding, b: Finding): number {
  return compareText(a.parent_backup_id ?? '', b.parent_backup_id ?? '') || compareJson(a, b)
}
