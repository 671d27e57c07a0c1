import { operationIn } from '../runtime/arrival.ts'
import type { HttpContext } from '../runtime/budget.ts'
import type { Services } from '../runtime/services.ts'
import { inProcess, type Steps } from '../runtime/steps.ts'
import { logFailedOperation } from '../runtime/take-each.ts'
import type { Store } from '../store/store.ts'
import { AUDIT_INBOX, AUDIT_LEDGER } from './audit-fate.ts'
import { takeOnce } from './audit-inbox.ts'

/** What a sweep did. */
export interface AuditsSwept {
  /** Requests of which it was not known what became of them. */
  readonly orders: number
  readonly failed: number
  /** What there was no time for. */
  readonly left: number
}

/** Takes what others left behind, one after the other: requests whose arrival nobody heard of, or whose run was killed. */
export async function sweepAudits(
  services: Services,
  { getRemainingTimeInMillis = inProcess.remainingMs }: HttpContext = {},
  steps?: Steps,
): Promise<{ readonly swept: AuditsSwept }> {
  // Steps that are remembered outlive this process.
  const remainingMs = steps === undefined ? getRemainingTimeInMillis : inProcess.remainingMs
  // One more audit may take as long as all before; what would be cut off is left to the next sweep.
  const leastMs = remainingMs() / 2
  const orders = await (steps ?? inProcess).step('look for requests', () => untakenAudits(services.store))
  let failed = 0
  for (const [index, operation] of orders.entries()) {
    if (remainingMs() < leastMs)
      return { swept: { orders: orders.length, failed, left: orders.length - index } }
    try {
      await takeOnce(services, operation, steps)
    } catch (error) {
      failed += 1
      logFailedOperation(services.log, operation, error)
    }
  }
  return { swept: { orders: orders.length, failed, left: 0 } }
}

/** The requests of which the ledger does not say what became of them. */
async function untakenAudits(store: Store): Promise<readonly string[]> {
  const known = new Set<string>()
  for await (const file of store.names(AUDIT_LEDGER)) known.add(file)
  const untaken: string[] = []
  for await (const file of store.names(AUDIT_INBOX)) {
    const operation = operationIn(file)
    if (operation !== undefined && !known.has(file)) untaken.push(operation)
  }
  return untaken
}
