import { CHECKPOINT_INBOX } from '../checkpoint-inbox.ts'
import { announcedOperations } from '../runtime/arrival.ts'
import { budgetMs, type HttpContext } from '../runtime/budget.ts'
import { type TakenOrder, takeCheckpointOrder } from '../runtime/checkpoint-inbox.ts'
import type { CheckpointServices } from '../runtime/checkpoint-ports.ts'
import { type Swept, sweepCheckpoints } from '../runtime/checkpoint-sweep.ts'
import type { Services } from '../runtime/services.ts'
import { takeEach } from '../runtime/take-each.ts'
import { readAlertTerms } from './alert-terms.ts'

/** What carrying out orders of the inbox needs of the world. */
export type CheckpointWorkServices = CheckpointServices & Pick<Services, 'openStore'>

/** Takes every order that an event of S3 announces; one that fails does not hold up the others. */
export async function takeCheckpointArrivals(
  services: CheckpointWorkServices,
  event: unknown,
  context: HttpContext = {},
): Promise<{ readonly taken: readonly TakenOrder[] }> {
  const operations = announcedOperations(event, services.store.url, CHECKPOINT_INBOX)
  return { taken: await takeEach(services.log, operations, (one) => takeArrival(services, one, context)) }
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
