import type { Services } from '../lib/runtime/services.ts'
import { endWithoutReport } from '../lib/workflow/audit-fate.ts'
import { type Taken, takeOnce } from '../lib/workflow/audit-inbox.ts'
import { sweepAudits } from '../lib/workflow/audit-sweep.ts'
import { sweepLeftCheckpoints, takeArrival } from '../lib/workflow/checkpoint-work.ts'
import { readInboxRecord } from '../lib/workflow/inbox-record.ts'
import { describeFailure } from './failure.ts'
import type { OrderKind } from './inbox.ts'

/** What goes on in this process while it answers: on AWS events and timers start it. */
export interface Background {
  /** Takes what an earlier process left in the inbox, at once and then every five minutes. */
  readonly begin: () => void
  readonly onArrival: (kind: OrderKind, operation: string) => void
  readonly isAuditing: () => boolean
  /** Takes no more, and resolves when everything that was begun has ended. */
  readonly stop: () => Promise<void>
}

const SWEEP_EVERY_MS = 5 * 60_000
/** A storm of alerts waits for its turn; each of its orders lies safe in the inbox. */
const CHECKPOINTS_AT_ONCE = 4

/** Makes the background of a server; nothing is done before it begins or something arrives. */
export function createBackground(services: Services, auditServices: Services): Background {
  const running = new Set<Promise<void>>()
  const auditing = new Set<Promise<void>>()
  const waiting: string[] = []
  let serving = 0
  const run = (work: Promise<void>) => {
    const tracked = work.finally(() => running.delete(tracked))
    running.add(tracked)
    return tracked
  }
  const audit = (work: Promise<void>) => {
    const tracked = run(work).finally(() => auditing.delete(tracked))
    auditing.add(tracked)
  }
  const serve = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      await takeCheckpoint(services, next)
  }
  const sweep = () => {
    void run(swept('checkpoints', () => sweepLeftCheckpoints(services)))
    void run(swept('audits', () => sweepAudits(auditServices)))
  }
  let timer: NodeJS.Timeout | undefined
  return {
    begin: () => {
      sweep()
      timer = setInterval(sweep, SWEEP_EVERY_MS)
    },
    onArrival: (kind, operation) => {
      if (kind === 'audit') return audit(takeAudit(auditServices, operation))
      waiting.push(operation)
      if (serving === CHECKPOINTS_AT_ONCE) return
      serving += 1
      void run(
        serve().finally(() => {
          serving -= 1
        }),
      )
    },
    isAuditing: () => auditing.size > 0,
    stop: async () => {
      clearInterval(timer)
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/** Never fails: what could not be done lies in the inbox, and the next sweep takes it. */
async function takeCheckpoint(services: Services, operation: string): Promise<void> {
  try {
    await takeArrival(services, operation)
  } catch (error) {
    process.stderr.write(`checkpoint ${operation} failed: ${describeFailure(error)}\n`)
  }
}

/** Never fails: what an alert asked for is taken again by the next sweep, a person is told at once. */
async function takeAudit(services: Services, operation: string): Promise<void> {
  process.stderr.write(`audit ${operation} started\n`)
  try {
    process.stderr.write(`audit ${operation} ended: ${describeTaken(await takeOnce(services, operation))}\n`)
  } catch (error) {
    process.stderr.write(`audit ${operation} failed: ${describeFailure(error)}\n`)
    const isOfAlert = await readInboxRecord(services, operation).then(
      ({ alertId }) => alertId !== undefined,
      () => false,
    )
    if (isOfAlert) return
    await endWithoutReport(services.store, operation, error, services.now()).catch(() => {
      // The store is what failed: whoever asks for the audit is told so by the store itself.
    })
  }
}

/** Never fails: the next one comes in five minutes. */
async function swept(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`sweep of ${what} failed: ${describeFailure(error)}\n`)
  }
}

function describeTaken(taken: Taken): string {
  switch (taken.outcome) {
    case 'published':
      return `${taken.verdict}, ${taken.findings.total} findings, ${taken.report}`
    case 'quarantined':
      return `quarantined: ${taken.because}`
    case 'joined':
      return `joined ${taken.joined_to}`
    case 'failed':
    case 'waiting':
      return `${taken.outcome}: ${taken.because}`
    case 'taken before':
      return taken.outcome
  }
}
