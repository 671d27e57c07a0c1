import { type JudgeHooks, judgeSources } from '../audit/judge-sources.ts'
import { mergeParts, type Part } from '../audit/part.ts'
import { entriesOf, type PartEntry, partOfEntries } from '../audit/part-entries.ts'
import type { Finding } from '../audit/record.ts'
import type { Target } from '../backup.ts'
import { Fault } from '../errors.ts'
import { faultOf, type KeptFault, keepFault } from '../kept-fault.ts'
import { readPartFile, writePartFile } from '../report/part-file.ts'
import type { ManifestFile } from '../report/stored.ts'
import type { Services } from '../runtime/services.ts'
import { lostReport, sourceOf } from '../runtime/sources.ts'
import { OutOfTime, withinTime } from '../runtime/within-time.ts'
import type { ScanOutcome } from '../scan.ts'
import type { Store } from '../store/store.ts'
import type { KeptPlan } from './kept-plan.ts'
import { termsOf } from './plan-audit.ts'

/** What the reading of one target left in the store: small, whatever was read. */
export interface ShardReceipt {
  /** How it was read, then what was learned. */
  readonly part: ManifestFile
  /** Findings that were too many to be held. */
  readonly aside: readonly ManifestFile[]
}

/** The outcome of a scan as plain data. */
type KeptOutcome = Omit<ScanOutcome, 'fault'> & { readonly fault?: KeptFault }

/** Everything that shards learned, put together. */
export interface Shards {
  readonly part: Part
  readonly outcomes: readonly ScanOutcome[]
  readonly aside: readonly AsyncIterable<Finding>[]
}

/**
 * Reads one target and leaves in the store what was learned. Throws `OutOfTime` where the process has no time left, so that another
 * one can begin anew; the last one that may says instead that the target could not be read.
 */
export async function scanShard(
  services: Services,
  plan: KeptPlan,
  target: Target,
  { remainingMs, isLast, hooks }: { remainingMs: () => number; isLast: boolean; hooks: JudgeHooks },
): Promise<ShardReceipt> {
  const { store } = services
  const number = plan.targets.findIndex((other) => nameOfTarget(other) === nameOfTarget(target)) + 1
  const aside: ManifestFile[] = []
  const judged = await judgeSources(
    [sourceOf(withinTime(services, remainingMs), target, plan.policy.replication.required === 'auto')],
    termsOf(plan),
    hooks,
    async (findings) => void aside.push(await writePartFile(store, plan.auditId, number, findings)),
  ).catch((error: unknown) => {
    if (!(error instanceof OutOfTime) || !isLast) throw error
    return { part: mergeParts([]), outcomes: [outOfTime(target)] }
  })
  const rows = [...judged.outcomes.map(keepOutcome), ...entriesOf(judged.part)]
  return { part: await writePartFile(store, plan.auditId, number, rows), aside }
}

/** Reads back what shards left. */
export async function readShards(
  store: Store,
  auditId: string,
  receipts: readonly ShardReceipt[],
): Promise<Shards> {
  const outcomes: ScanOutcome[] = []
  const parts: Part[] = []
  for (const { part } of receipts) parts.push(await readShard(store, auditId, part, outcomes))
  const [only, ...others] = parts
  return {
    part: only !== undefined && others.length === 0 ? only : mergeParts(parts),
    outcomes,
    aside: receipts.flatMap((receipt) =>
      receipt.aside.map((file) => readPartFile<Finding>(store, auditId, file)),
    ),
  }
}

/** A target in one word. */
export function nameOfTarget({ service, region, projectId }: Target): string {
  return `${service}:${region}:${projectId}`
}

function readShard(
  store: Store,
  auditId: string,
  file: ManifestFile,
  outcomes: ScanOutcome[],
): Promise<Part> {
  const entries = async function* (): AsyncIterable<PartEntry> {
    for await (const row of readPartFile<KeptOutcome | PartEntry>(store, auditId, file))
      if ('report' in row) outcomes.push({ ...row, fault: row.fault && faultOf(row.fault) })
      else yield row
  }
  return partOfEntries(entries())
}

function keepOutcome({ fault, ...outcome }: ScanOutcome): KeptOutcome {
  return { ...outcome, ...(fault !== undefined && { fault: keepFault(fault) }) }
}

function outOfTime(target: Target): ScanOutcome {
  const because =
    'It could not be read within the time that one function call has, however often it was tried'
  const fault = new Fault('upstream_timeout', because)
  return {
    report: lostReport(target.service, target, because),
    incompleteBecause: [because],
    unread: 'all',
    fault,
  }
}
