import type { Backup, Observation } from '../backup.ts'
import type { BackupControl, Control, Verdict } from './control.ts'
import { backupFinding, type FindingTerms } from './finding.ts'
import { fingerprint, resourceFingerprint, seedOf } from './fingerprint.ts'
import type { TakenFindings } from './held-findings.ts'
import {
  addChildFinding,
  addChildQuestion,
  addQuestion,
  addTarget,
  closed,
  type OpenPart,
  openPart,
} from './open-part.ts'
import type { Part } from './part.ts'
import { type Belonging, keysCovering, type Scope } from './scope.ts'

/** What an audit judges by. */
export interface AuditTerms extends FindingTerms {
  readonly controls: readonly Control[]
  /** What is to be reported; everything unless told. Histories are gathered from all backups, wherever they lie. */
  readonly scope?: Scope | undefined
}

/** An audit of some observations: each is looked at once and forgotten. */
export interface Audit {
  readonly observe: (observations: readonly Observation[]) => void
  /** What was learned so far. */
  readonly part: () => Part
  /**
   * Hands over what was found of listed backups, and forgets it: for a caller who keeps findings elsewhere and
   * joins them with `mergeFindings`, because an account without any copies has as many findings as backups.
   */
  readonly takeFindings: () => TakenFindings
  /** How many `takeFindings` would hand over. */
  readonly findings: () => number
}

/** Begins an audit, or one shard of it: `mergeParts` and `conclude` make the findings of the whole. */
export function createAudit(terms: AuditTerms): Audit {
  const part = openPart()
  const observeBackup = backupObserver(part, terms)
  const observeBlindSpot = blindSpotObserver(part, terms)
  return {
    observe: (observations) => {
      for (const observation of observations) {
        switch (observation.kind) {
          case 'backup':
            observeBackup(observation.backup)
            break
          case 'resource': {
            const { resource } = observation
            const { service, id: resourceId, vault } = resource
            const isInScope = sight(part, terms, { service, vaultId: vault?.id, resourceId })
            if (isInScope && terms.scope !== undefined && resource.held)
              part.held.push(resourceFingerprint(service, resourceId))
            part.histories.addResource(resource)
            break
          }
          case 'blind-spot': {
            const { target, id, because } = observation
            if (sight(part, terms, { service: target.service, vaultId: id, resourceId: undefined }))
              observeBlindSpot(because, fingerprint(seedOf(target), id))
            break
          }
          default:
            observation satisfies never
        }
      }
    },
    part: () => closed(part),
    takeFindings: () => part.findings.take(),
    findings: () => part.findings.size,
  }
}

/** The hot path: on a good backup it allocates nothing but its place in the history. */
function backupObserver(part: OpenPart, terms: AuditTerms): (backup: Backup) => void {
  const controls = terms.controls.filter((control) => control.scope === 'backup')
  const childControls = controls.filter((control) => control.ofChildren)
  const seedFor = seedKeeper(part)
  const observeBlindSpot = blindSpotObserver(part, terms)
  return (backup) => {
    if (backup.createdAt > terms.asOf) return
    const print = fingerprint(seedFor(backup), backup.id)
    const isInScope = sight(part, terms, backup)
    if (isInScope) {
      if (terms.scope !== undefined) part.scoped.push(print)
      for (const control of controls) {
        const verdict = control.check(backup, terms)
        if (verdict.outcome !== 'pass') keep(part, terms, control, verdict, backup, print)
      }
    }
    if (backup.children === 'unknown') {
      const because = 'What the backup calls its children is no list'
      if (isInScope) for (const { id } of childControls) addQuestion(part, id, because, print)
    } else
      for (const child of backup.children) {
        if (child.createdAt > terms.asOf) continue
        // Children go with their parent, whatever they say themselves, and may lie in the scope on their own.
        if (sight(part, terms, child) || isInScope) judgeChild(part, terms, childControls, child)
      }
    if (backup.resourceId === 'unknown') {
      part.strays.push(print)
      if (isInScope) observeBlindSpot('The backup does not say which resource it is of', print)
    } else part.histories.addBackup(backup.resourceId, backup, print, terms.asOf)
  }
}

/** Whether something lies in the scope; remembers what of the scope was met. */
function sight(part: OpenPart, { scope }: AuditTerms, thing: Belonging): boolean {
  if (scope === undefined) return true
  const keys = keysCovering(scope, thing)
  for (const key of keys) part.sighted.add(key)
  return keys.length > 0
}

/** What is asked of whole resources cannot be told of those that hide in a blind spot. */
function blindSpotObserver(part: OpenPart, terms: AuditTerms): (because: string, print: number) => void {
  const controls = terms.controls.filter((control) => control.scope === 'resource')
  return (because, print) => {
    for (const { id } of controls) addQuestion(part, id, because, print)
  }
}

function keep(
  part: OpenPart,
  terms: AuditTerms,
  control: BackupControl,
  verdict: Exclude<Verdict, { outcome: 'pass' }>,
  backup: Backup,
  print: number,
): void {
  if (verdict.outcome === 'unknown') addQuestion(part, control.id, verdict.because, print)
  else part.findings.add(backupFinding(control, verdict, backup, terms))
}

/** A child may be listed itself, here or in another shard: what is said of it waits for the end. */
function judgeChild(
  part: OpenPart,
  terms: AuditTerms,
  controls: readonly BackupControl[],
  child: Backup,
): void {
  for (const control of controls) {
    const verdict = control.check(child, terms)
    if (verdict.outcome === 'fail') addChildFinding(part, backupFinding(control, verdict, child, terms))
    if (verdict.outcome === 'unknown') {
      const { service, region, projectId, id: backupId } = child
      const { because } = verdict
      addChildQuestion(part, { control: control.id, because, service, region, projectId, backupId })
    }
  }
}

/** Observations come target by target, so the seed of the last one nearly always fits. */
function seedKeeper(part: OpenPart): (backup: Backup) => number {
  let last: Backup | undefined
  let seed = 0
  return (backup) => {
    if (
      last === undefined ||
      last.region !== backup.region ||
      last.projectId !== backup.projectId ||
      last.service !== backup.service
    ) {
      last = backup
      seed = seedOf(backup)
      addTarget(part, backup)
    }
    return seed
  }
}
