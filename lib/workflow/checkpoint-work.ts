import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { aboutError } from '../runtime/about-error.ts'
import { announcedOperations } from '../runtime/arrival.ts'
import { budgetMs, type HttpContext } from '../runtime/budget.ts'
import type { CheckpointServices } from '../runtime/checkpoint-desk.ts'
import { type TakenOrder, takeCheckpointOrder } from '../runtime/checkpoint-inbox.ts'
import { type Swept, sweepCheckpoints } from '../runtime/checkpoint-sweep.ts'
import type { Services } from '../runtime/services.ts'
import { readAlertTerms } from './alert-terms.ts'

/** What carrying out orders of the inbox needs of the world. */
export type CheckpointWorkServices = CheckpointServices & Pick<Services, 'openStore'>

const INBOX = 'inbox/checkpoint/'

const sweepEvent = z.strictObject({ kind: z.literal('sweep') })

/** Whether an event is the timer's. */
export function isSweep(event: unknown): boolean {
  return z.safeParse(sweepEvent, event).success
}

/** Takes every order that an event of S3 announces; one that fails does not hold up the others. */
export async function takeCheckpointArrivals(
  services: CheckpointWorkServices,
  event: unknown,
  context: HttpContext = {},
): Promise<{ readonly taken: readonly TakenOrder[] }> {
  const operations = announcedOperations(event, services.store.url, INBOX)
  const taken: TakenOrder[] = []
  const failures: unknown[] = []
  for (const operation of operations) {
    try {
      taken.push(await takeArrival(services, operation, context))
    } catch (error) {
      // Only the first can be thrown.
      const because = error instanceof Fault ? { because: error.message } : {}
      services.log('error', 'operation failed', { operation, ...aboutError(error), ...because })
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return { taken }
}

/** Takes one order, as soon as it has arrived. */
export async function takeArrival(
  services: CheckpointWorkServices,
  operation: string,
  context: HttpContext = {},
): Promise<TakenOrder> {
  const terms = await readAlertTerms(services)
  return takeCheckpointOrder(services, operation, terms, AbortSignal.timeout(budgetMs(context)))
}

/** Takes what others left behind, as far as the time goes. */
export async function sweepLeftCheckpoints(
  services: CheckpointWorkServices,
  context: HttpContext = {},
): Promise<{ readonly swept: Swept }> {
  const terms = await readAlertTerms(services)
  return { swept: await sweepCheckpoints(services, terms, AbortSignal.timeout(budgetMs(context))) }
}
