import type { Summary } from '../audit/record.ts'
import type { Target } from '../backup.ts'
import { Fault } from '../errors.ts'
import { clearOrphans } from '../report/clear-orphans.ts'
import { clearParts } from '../report/clear-parts.ts'
import type { ManifestFile } from '../report/manifest.ts'
import { byOneClock, ClockCorrected, untilCorrected } from '../runtime/one-clock.ts'
import type { Services } from '../runtime/services.ts'
import type { Steps } from '../runtime/steps.ts'
import { deserializeFault, type SerializedFault, serializeFault } from '../serialized-fault.ts'
import { type Duration, hours, type Instant } from '../time.ts'
import { operationsFor } from './audit-operations.ts'
import { type AuditReceipt, giveReceipt } from './audit-receipt.ts'
import { keepPlan, readPlan, reopen } from './kept-plan.ts'
import { type AuditWish, planAudit } from './plan-audit.ts'
import { judgeWhole, publishAudit } from './publish-audit.ts'
import type { AuditRequest } from './run-audit.ts'
import { nameOfTarget, readShards, type ShardReceipt, scanShard } from './shard.ts'

/** Raised when what steps leave behind changes its meaning. */
const STATE_VERSION = 3
/** What was read longer ago says too little of now. */
const LONGEST: Duration = hours(24)
/** A day has not even as many calls of a quarter of an hour. */
const MOST_SHARDS = 100
const ROUNDS = 3
const PAUSE_SECONDS = 60

/** What the first step leaves: the rest lies in the store. */
interface Begun {
  readonly state_version: number
  readonly audit_id: string
  readonly started_at: Instant
  readonly plan: ManifestFile
  readonly targets: readonly Target[]
}

/** What came of a round: a report, state that is too old, or nothing at all that could be read. */
type End =
  | { readonly end: 'published'; readonly receipt: AuditReceipt }
  | { readonly end: 'outdated' }
  | { readonly end: 'unread'; readonly fault: SerializedFault }

/**
 * Audits in steps: plan, scan each target (in several steps where it takes longer than one call), publish. A step leaves what it learned
 * in the store, under `<audit_id>/parts/`, and returns only what finds it again, so whoever goes on after a kill repeats one step and no
 * more. Where the state is older than a day, planned by a wrong clock or of another version, or nothing could be read, the audit starts again under a new name.
 */
export async function auditInSteps(
  services: Services,
  request: AuditRequest,
  steps: Steps,
): Promise<AuditReceipt> {
  for (let round = 1; ; round += 1) {
    const auditId = round === 1 ? request.auditId : undefined
    const begun = await steps.step('plan', () =>
      byOneClock(services, (within) => begin(within, { ...request, auditId })),
    )
    const shards = await steps.each(begun.targets, nameOfTarget, (target, own) =>
      scanTarget(services, { begun, target, hooks: request }, own),
    )
    // Remembered, because they move on, and who publishes a second time must say the same.
    const operations = await steps.step('look at checkpoints', () => operationsFor(services))
    const outcome = await steps.step('publish', () => end(services, begun, shards, operations))
    if (outcome.end === 'published') {
      // Not before it is remembered that the report is whole: until then somebody may need the parts once more.
      await steps.step('clear away', async () => {
        await clearParts(services, begun.audit_id)
        await clearOrphans(services, services.now())
      })
      return outcome.receipt
    }
    if (round === ROUNDS) throw whyGivenUp(outcome)
    await steps.pause('before the next round', PAUSE_SECONDS * round)
  }
}

async function begin(services: Services, wish: AuditWish): Promise<Begun> {
  const plan = await planAudit(services, wish)
  return {
    state_version: STATE_VERSION,
    audit_id: plan.auditId,
    started_at: plan.startedAt,
    plan: await keepPlan(services.store, plan),
    targets: plan.sources.map(({ target }) => target),
  }
}

/** Reads a target, in as many steps as its size takes. */
async function scanTarget(
  services: Services,
  { begun, target, hooks }: { begun: Begun; target: Target; hooks: AuditRequest },
  { step, pause, remainingMs }: Steps,
): Promise<readonly ShardReceipt[] | 'outdated'> {
  const shards: ShardReceipt[] = []
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? nameOfTarget(target) : `${nameOfTarget(target)} (${number})`
    const bookmark = shards.at(-1)?.bookmark
    const shard = await step(name, async ({ isLast }) => {
      if (warnIfOutdated(services, begun)) return 'outdated'
      const plan = await readPlan(services.store, begun.audit_id, begun.plan)
      const mayGoOn = number < MOST_SHARDS
      const options = { bookmark, mayGoOn, isLast, remainingMs, hooks }
      return await scanShard(untilCorrected(services), plan, target, options).catch(outdatedByClock(services))
    })
    if (shard === 'outdated') return shard
    shards.push(shard)
    if (shard.bookmark === undefined) return shards
    // Whoever ran out of time has little left: longer than that, so that the next shard gets a call of its own.
    await pause(`before more of ${nameOfTarget(target)} (${number})`, PAUSE_SECONDS)
  }
}

async function end(
  services: Services,
  begun: Begun,
  shards: readonly (readonly ShardReceipt[] | 'outdated')[],
  operations: Summary['operations'],
): Promise<End> {
  const { store } = services
  const receipts = shards.filter((target) => target !== 'outdated')
  if (receipts.length < shards.length || warnIfOutdated(services, begun)) return { end: 'outdated' }
  const plan = await reopen(store, await readPlan(store, begun.audit_id, begun.plan))
  const { aside, ...read } = await readShards(store, begun.audit_id, receipts.flat())
  try {
    const { summary } = await publishAudit(services, plan, judgeWhole(plan, read), aside, operations)
    return { end: 'published', receipt: giveReceipt(services, summary) }
  } catch (error) {
    if (error instanceof Fault && error.code.startsWith('upstream_'))
      return { end: 'unread', fault: serializeFault(error) }
    throw error
  }
}

function warnIfOutdated({ now, log }: Services, { state_version, started_at, audit_id }: Begun): boolean {
  const isOutdated = state_version !== STATE_VERSION || now() - started_at > LONGEST
  if (isOutdated) log('warn', 'audit starts again: its state is outdated', { audit_id })
  return isOutdated
}

/** What was planned by a wrong clock is of no use. */
function outdatedByClock({ log }: Services) {
  return (error: unknown): 'outdated' => {
    if (!(error instanceof ClockCorrected)) throw error
    log('warn', 'audit starts again, by the time of Huawei', { because: error.message })
    return 'outdated'
  }
}

function whyGivenUp(outcome: Exclude<End, { end: 'published' }>): Fault {
  if (outcome.end === 'unread') return deserializeFault(outcome.fault)
  const what =
    'what its steps had left was older than a day, planned by a wrong clock, or of another version of this tool'
  return new Fault('internal', `Cannot finish this audit: ${ROUNDS} times ${what}`)
}
