import type { WriteRun } from '../audit/findings-spill.ts'
import { type JudgeHooks, judgeSources } from '../audit/judge-sources.ts'
import { mergeParts } from '../audit/merge-parts.ts'
import type { Part } from '../audit/part.ts'
import { entriesOf, type PartEntry, partOfEntries } from '../audit/part-entries.ts'
import type { Finding } from '../audit/record.ts'
import type { Target } from '../backup.ts'
import { Fault } from '../errors.ts'
import { OutOfTime } from '../out-of-time.ts'
import type { ManifestFile } from '../report/manifest.ts'
import { writePartFile } from '../report/part-file.ts'
import { readOwnRows } from '../report/read-file.ts'
import type { Services } from '../runtime/services.ts'
import { lostReport, sourceOf } from '../runtime/sources.ts'
import { withinTime } from '../runtime/within-time.ts'
import type { Bookmark, Interruption, ScanOutcome } from '../scan.ts'
import { deserializeFault, type SerializedFault, serializeFault } from '../serialized-fault.ts'
import type { Store } from '../store/store.ts'
import { keepBookmark, readBookmark } from './kept-bookmark.ts'
import type { KeptPlan } from './kept-plan.ts'
import { termsOf } from './plan-audit.ts'

/** What the reading of a target, or of a piece of one, left in the store: small, whatever was read. */
export interface ShardReceipt {
  /** How the target was read, if this was the last piece of it, then what was learned. */
  readonly part: ManifestFile
  /** Findings that were too many to be held. */
  readonly aside: readonly ManifestFile[]
  /** Where to go on, if time ran out. */
  readonly bookmark?: ManifestFile
}

/** What a shard is told. */
export interface ShardOptions {
  /** Where the shard before it stopped. */
  readonly bookmark: ManifestFile | undefined
  /** Whether another shard may follow. */
  readonly mayGoOn: boolean
  /** Whether nobody will try this shard again. */
  readonly isLast: boolean
  readonly remainingMs: () => number
  readonly hooks: JudgeHooks
}

/** The outcome of a scan as plain data. */
type KeptOutcome = Omit<ScanOutcome, 'fault' | 'interruption'> & { readonly fault?: SerializedFault }

/** Everything that shards learned, put together. */
export interface Shards {
  readonly part: Part
  readonly outcomes: readonly ScanOutcome[]
  readonly aside: readonly AsyncIterable<Finding>[]
}

/**
 * Reads one target, or what time allows of it, and leaves in the store what was learned, and a bookmark where more is to come.
 * Throws `OutOfTime` where time did not suffice to get any further, so that another process can try; the last one that may says
 * instead what could not be read.
 */
export async function scanShard(
  services: Services,
  plan: KeptPlan,
  target: Target,
  options: ShardOptions,
): Promise<ShardReceipt> {
  const { store } = services
  const { auditId, targets } = plan
  const number = targets.findIndex((other) => nameOfTarget(other) === nameOfTarget(target)) + 1
  const aside: ManifestFile[] = []
  const { part, outcome } = await scan(services, plan, target, options, async (lines) => {
    aside.push(await writePartFile(store, auditId, number, lines))
  })
  const rest = outcome.interruption && moreToCome(outcome.interruption, options)
  const lines = {
    *[Symbol.iterator](): Iterator<string> {
      if (rest === undefined) yield JSON.stringify(keepOutcome(outcome))
      for (const entry of entriesOf(part)) yield JSON.stringify(entry)
    },
  }
  if (rest === undefined) options.hooks.onScanned(outcome)
  return {
    part: await writePartFile(store, auditId, number, lines),
    aside,
    ...(rest && { bookmark: await keepBookmark(store, auditId, number, rest) }),
  }
}

async function scan(
  services: Services,
  plan: KeptPlan,
  target: Target,
  { bookmark, isLast, remainingMs, hooks }: ShardOptions,
  writeRun: WriteRun,
): Promise<{ readonly part: Part; readonly outcome: ScanOutcome }> {
  const kept = bookmark && (await readBookmark(services.store, plan.auditId, bookmark))
  const readsPolicies = plan.policy.replication.required === 'auto'
  const source = sourceOf(withinTime(services, remainingMs), target, readsPolicies, kept)
  let outcome = outOfTime(target)
  const onScanned = (scanned: ScanOutcome) => {
    outcome = scanned
  }
  try {
    const { part } = await judgeSources([source], termsOf(plan), { ...hooks, onScanned }, writeRun)
    return { part, outcome }
  } catch (error) {
    if (!(error instanceof OutOfTime) || !isLast) throw error
    return { part: mergeParts([]), outcome }
  }
}

/** Where another shard is to go on; undefined where none shall, and what is unread stays so. */
function moreToCome(
  { bookmark, isFurther }: Interruption,
  { mayGoOn, isLast }: ShardOptions,
): Bookmark | undefined {
  if (!isFurther && !isLast) throw new OutOfTime('Time did not suffice to get any further')
  return isFurther && mayGoOn ? bookmark : undefined
}

/** Reads back what shards left. */
export async function readShards(
  store: Store,
  auditId: string,
  receipts: readonly ShardReceipt[],
): Promise<Shards> {
  const outcomes: ScanOutcome[] = []
  const entries = async function* (): AsyncIterable<PartEntry> {
    for (const { part } of receipts)
      for await (const row of readOwnRows<KeptOutcome | PartEntry>(store, auditId, part))
        if ('report' in row) outcomes.push({ ...row, fault: row.fault && deserializeFault(row.fault) })
        else yield row
  }
  return {
    part: await partOfEntries(entries()),
    outcomes,
    aside: receipts.flatMap((receipt) =>
      receipt.aside.map((file) => readOwnRows<Finding>(store, auditId, file)),
    ),
  }
}

/** A target in one word. */
export function nameOfTarget({ service, region, projectId }: Target): string {
  return `${service}:${region}:${projectId}`
}

function keepOutcome({ fault, interruption: _, ...outcome }: ScanOutcome): KeptOutcome {
  return { ...outcome, ...(fault !== undefined && { fault: serializeFault(fault) }) }
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
