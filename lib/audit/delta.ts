import type { Instant } from '../time.ts'
import type { Finding } from './record.ts'

/** Where a finding lies: what decides whether an audit looked there. */
export type Whereabouts = Pick<Finding, 'service' | 'region' | 'project_id' | 'vault_id' | 'resource_id'>

/** What an earlier audit must tell of a finding. */
export type EarlierFinding = Pick<
  Finding,
  'finding_id' | 'first_seen' | 'control' | 'backup_id' | 'parent_backup_id' | keyof Whereabouts
>

/** Whether an audit read the target of a finding completely, and had the finding in its scope. */
export type Scanned = (finding: Whereabouts) => boolean

/** A complete audit of the past, as far as a comparison needs it. */
export interface EarlierAudit {
  readonly auditId: string
  readonly asOf: Instant
  /** Whether it looked where a finding lies, and read that target (service, region, project) completely. */
  readonly scanned: Scanned
  /** Its findings, sorted by `finding_id`. */
  readonly findings: () => AsyncIterable<EarlierFinding>
}

/** How many findings came, stayed and went. */
export interface DeltaTally {
  readonly new: number
  readonly persisting: number
  readonly reopened: number
  /** In the previous audit, not in this one, and this one read the target completely. */
  readonly resolved: number
  /** In the previous audit, not in this one, which could not tell. */
  readonly not_scanned: number
}

/** Findings that know what they were before; `tally` is whole once they have been read to the end. */
export interface ComparedFindings {
  readonly findings: AsyncIterable<Finding>
  readonly tally: () => DeltaTally
}

type Counts = { -readonly [Key in keyof DeltaTally]: DeltaTally[Key] }

/**
 * Fills in `delta` and `first_seen` from earlier audits, the newest first. All streams are sorted by `finding_id` and
 * read once, side by side, so memory stays flat however long they are. Can be read once.
 */
export function withDelta(
  findings: AsyncIterable<Finding>,
  earlier: readonly EarlierAudit[],
  couldTell: (gone: EarlierFinding) => boolean,
): ComparedFindings {
  const counts: Counts = { new: 0, persisting: 0, reopened: 0, resolved: 0, not_scanned: 0 }
  const countGone = (gone: EarlierFinding) => {
    counts[couldTell(gone) ? 'resolved' : 'not_scanned'] += 1
  }
  return { findings: compare(findings, earlier, counts, countGone), tally: () => ({ ...counts }) }
}

async function* compare(
  findings: AsyncIterable<Finding>,
  earlier: readonly EarlierAudit[],
  counts: Counts,
  countGone: (gone: EarlierFinding) => void,
): AsyncGenerator<Finding> {
  const cursors = earlier.map((audit, index) => openCursor(audit, index === 0 ? countGone : () => {}))
  try {
    for await (const finding of findings) {
      const known =
        cursors.length > 0 ? await Promise.all(cursors.map((cursor) => cursor.seek(finding.finding_id))) : []
      const compared = compareOne(finding, earlier, known)
      counts[compared.delta] += 1
      yield compared
    }
    // Past every id: what is left in the previous audit is gone.
    await cursors[0]?.seek(undefined)
  } finally {
    for (const cursor of cursors) await cursor.close()
  }
}

/** `known` holds what each earlier audit says of the finding, the newest first. */
function compareOne(
  finding: Finding,
  earlier: readonly EarlierAudit[],
  known: readonly (EarlierFinding | undefined)[],
): Finding {
  const index = known.findIndex((before) => before !== undefined)
  const before = known[index]
  if (before === undefined) return finding
  // It was gone only if an audit in between looked and did not find it.
  const wasGone = earlier.slice(0, index).some((audit) => audit.scanned(finding))
  return { ...finding, delta: wasGone ? 'reopened' : 'persisting', first_seen: before.first_seen }
}

interface Cursor {
  /** Moves on to an id, or to the end, and gives what stands there. */
  readonly seek: (findingId: string | undefined) => Promise<EarlierFinding | undefined>
  readonly close: () => Promise<void>
}

/** Reads the findings of an audit in step with another stream; `onPassed` gets each that was sought by nobody. */
function openCursor(audit: EarlierAudit, onPassed: (passed: EarlierFinding) => void): Cursor {
  const iterator = audit.findings()[Symbol.asyncIterator]()
  let head: IteratorResult<EarlierFinding> | undefined
  return {
    seek: async (findingId) => {
      head ??= await iterator.next()
      while (!head.done && (findingId === undefined || head.value.finding_id < findingId)) {
        onPassed(head.value)
        head = await iterator.next()
      }
      if (head.done || head.value.finding_id !== findingId) return undefined
      const found = head.value
      head = undefined
      return found
    },
    close: async () => {
      await iterator.return?.()
    },
  }
}
