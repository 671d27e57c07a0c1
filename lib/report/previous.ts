import type { EarlierAudit, Whereabouts } from '../audit/delta.ts'
import type { Summary } from '../audit/record.ts'
import { coversFinding } from '../audit/scope.ts'
import { Fault } from '../errors.ts'
import { parseTime } from '../parse-time.ts'
import type { Store } from '../store/store.ts'
import { before, formatTime, type Instant } from '../time.ts'
import { isAuditId, LONGEST_WAIT, startOf } from './audit-id.ts'
import { readEarlierFindings } from './earlier-findings.ts'
import type { Manifest } from './manifest.ts'
import { damaged, isDamage, readVerified } from './read-file.ts'
import { fileOf, isTooNew, readManifest, readSummary } from './read-record.ts'

/** Which earlier audits an audit is compared with. */
export interface Comparison {
  readonly asOf: Instant
  /** The audit that `--previous` names, `none`, or undefined for the newest complete one without a scope before `asOf`. */
  readonly previous: string | undefined
  /** How far back the chain is followed. */
  readonly limit?: number
  /** Told of each audit, damaged or of a newer version, that is left out of the comparison. */
  readonly onPassedOver?: (because: string) => void
}

interface Candidate {
  readonly manifest: Manifest
  readonly summary: Summary
  readonly asOf: Instant
}

/**
 * The audits to compare with, newest first: the previous one, then the one that was compared with, and so on down the
 * chain, which ends early where an ancestor is no longer there, damaged, or of a newer version. Empty where there is nothing to compare with.
 * All files that will be read are proved whole here: nothing of the past can break a report while it is being written.
 */
export async function findEarlierAudits(
  store: Store,
  { asOf, previous, limit = 30, onPassedOver = () => {} }: Comparison,
): Promise<readonly EarlierAudit[]> {
  if (previous === 'none') return []
  let candidate =
    previous === undefined
      ? await findNewestBefore(store, asOf, onPassedOver)
      : await readNamed(store, previous, asOf)
  const audits: EarlierAudit[] = []
  while (candidate !== undefined && audits.length < limit) {
    audits.push(toEarlierAudit(store, candidate))
    const ancestor: string | null = candidate.summary.delta.previous_audit_id
    candidate = ancestor === null ? undefined : await unlessUnusable(readWhole(store, ancestor), onPassedOver)
  }
  return audits
}

/**
 * The complete audit without a scope with the greatest `as_of` before another. Names are read newest first. An audit is as of the moment
 * in its name at the latest, or of the end of its wait where it was ordered; so the search ends a longest wait before the best found so far.
 */
async function findNewestBefore(
  store: Store,
  asOf: Instant,
  onPassedOver: (because: string) => void,
): Promise<Candidate | undefined> {
  let best: Candidate | undefined
  for (const auditId of (await listAudits(store)).reverse()) {
    const startedAt = startOf(auditId)
    if (best !== undefined && startedAt !== undefined && startedAt <= before(best.asOf, LONGEST_WAIT)) break
    const after = best?.asOf
    const fits = (found: Candidate) => found.asOf < asOf && (after === undefined || found.asOf > after)
    best = (await unlessUnusable(readComplete(store, auditId, fits), onPassedOver)) ?? best
  }
  return best
}

/** A complete audit without a scope, if it fits: then all that is going to be read of it is proved whole. */
async function readComplete(
  store: Store,
  auditId: string,
  fits: (found: Candidate) => boolean,
): Promise<Candidate | undefined> {
  const manifest = await readManifest(store, auditId)
  if (manifest?.verdict !== 'complete') return undefined
  const candidate = await toCandidate(store, manifest)
  if (candidate.summary.scope !== null || !fits(candidate)) return undefined
  await proveFindings(store, manifest)
  return candidate
}

/** A damaged report is none, nor is one of a newer version that was rolled back: it cannot be compared with, and must not keep this morning's audit from being made. */
async function unlessUnusable(
  reading: Promise<Candidate | undefined>,
  onPassedOver: (because: string) => void,
): Promise<Candidate | undefined> {
  try {
    return await reading
  } catch (error) {
    if (!isDamage(error) && !isTooNew(error)) throw error
    onPassedOver(error.message)
    return undefined
  }
}

/** The folders of a store that are named for audits, whole or not, oldest first. */
export async function listAudits(store: Store): Promise<string[]> {
  const folders: string[] = []
  for await (const name of store.names('')) if (name.endsWith('/')) folders.push(name.slice(0, -1))
  // Whatever else lies in the store was not written by us.
  return folders.filter((name) => isAuditId(name) && startOf(name) !== undefined)
}

async function readNamed(store: Store, auditId: string, asOf: Instant): Promise<Candidate> {
  const refused = (found: string, cause?: unknown, that = 'has a manifest.json'): Fault =>
    new Fault(
      'invalid_configuration',
      `Cannot compare with audit "${auditId}" (--previous): ${found}. Name an audit of "${store.url}" that ${that}, or "none"`,
      { cause },
    )
  if (!isAuditId(auditId)) throw refused('this is not the name of an audit')
  const candidate = await readWhole(store, auditId).catch((error: unknown) => {
    throw refused(error instanceof Error ? error.message : 'it cannot be read', error)
  })
  if (candidate === undefined) throw refused('there is no manifest.json in its folder')
  if (candidate.asOf > asOf) {
    const latest = formatTime(asOf)
    throw refused(
      `it is as of ${candidate.summary.as_of}, later than this audit`,
      undefined,
      `is not as of later than ${latest}`,
    )
  }
  return candidate
}

async function readWhole(store: Store, auditId: string): Promise<Candidate | undefined> {
  const manifest = await readManifest(store, auditId)
  if (manifest === undefined) return undefined
  const candidate = await toCandidate(store, manifest)
  await proveFindings(store, manifest)
  return candidate
}

/** Reads the findings to their end, where their hash is known. */
async function proveFindings(store: Store, manifest: Manifest): Promise<void> {
  const file = fileOf(store, manifest, 'findings.ndjson')
  for await (const _ of readVerified(store, manifest.audit_id, file));
}

async function toCandidate(store: Store, manifest: Manifest): Promise<Candidate> {
  const summary = await readSummary(store, manifest)
  const asOf = parseTime(summary.as_of)
  if (asOf === undefined)
    throw damaged(store, `${manifest.audit_id}/summary.json`, `its as_of is "${summary.as_of}"`)
  return { manifest, summary, asOf }
}

function toEarlierAudit(store: Store, { manifest, summary, asOf }: Candidate): EarlierAudit {
  const whole = new Set(summary.targets.filter(({ verdict }) => verdict === 'complete').map(targetKey))
  const file = fileOf(store, manifest, 'findings.ndjson')
  return {
    auditId: manifest.audit_id,
    asOf,
    scanned: (finding) => whole.has(targetKey(finding)) && coversFinding(summary.scope, finding),
    findings: () => readEarlierFindings(store, manifest.audit_id, file),
  }
}

function targetKey(target: Pick<Whereabouts, 'service' | 'region' | 'project_id'>): string {
  return `${target.service}/${target.region}/${target.project_id}`
}
