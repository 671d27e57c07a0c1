import { isArrival, isSweep } from '../lib/runtime/arrival.ts'
import type { HttpContext } from '../lib/runtime/budget.ts'
import { answerOrder } from '../lib/runtime/checkpoint-answer.ts'
import type { TakenOrder } from '../lib/runtime/checkpoint-inbox.ts'
import type { CheckpointServices } from '../lib/runtime/checkpoint-ports.ts'
import type { Swept } from '../lib/runtime/checkpoint-sweep.ts'
import { orderCheckpoint, showOperation } from '../lib/runtime/checkpoints.ts'
import { type HttpFunction, type HttpResult, httpFunction, type Routes } from '../lib/runtime/http.ts'
import { lambdaFunction } from '../lib/runtime/lambda-function.ts'
import { FOR_REQUESTS } from '../lib/runtime/services.ts'
import {
  type CheckpointWorkServices,
  sweepLeftCheckpoints,
  takeCheckpointArrivals,
} from '../lib/workflow/checkpoint-work.ts'

/** One request is one checkpoint, whatever breaks on the way; and what became of it can be asked at any time. */
export const createCheckpointRoutes: Routes<CheckpointServices> = {
  'POST /checkpoints': async (services, request) =>
    answerOrder(await orderCheckpoint(services, request), services.now()),
  'GET /checkpoints/{operation}': showOperation,
}

/** Backs up a vault now, exactly once, and says honestly what happened. */
export function createCheckpoint(services: CheckpointServices): HttpFunction {
  return httpFunction(services, createCheckpointRoutes)
}

/** Carries out the orders of the inbox (the event is one of S3), takes what was left behind (the timer's), answers HTTP. */
export async function checkpointEvent(
  services: CheckpointWorkServices,
  event: unknown,
  context?: HttpContext,
): Promise<HttpResult | { readonly taken: readonly TakenOrder[] } | { readonly swept: Swept }> {
  if (isArrival(event)) return takeCheckpointArrivals(services, event, context)
  if (isSweep(event)) return sweepLeftCheckpoints(services, context)
  return createCheckpoint(services)(event, context)
}

/** The function as AWS calls it. */
export const handler = lambdaFunction('create-checkpoint', FOR_REQUESTS, checkpointEvent)
