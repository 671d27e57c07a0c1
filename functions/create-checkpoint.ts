import { answerOperation, answerOrder } from '../lib/runtime/checkpoint-answer.ts'
import type { CheckpointServices } from '../lib/runtime/checkpoint-desk.ts'
import { findOperation, orderCheckpoint } from '../lib/runtime/checkpoints.ts'
import { type HttpContext, type HttpFunction, httpFunction, type Routes } from '../lib/runtime/http.ts'
import { lambdaFunction } from '../lib/runtime/lambda-function.ts'
import { FOR_REQUESTS } from '../lib/runtime/services.ts'

/** One request is one checkpoint, whatever breaks on the way; and what became of it can be asked at any time. */
export const createCheckpointRoutes: Routes<CheckpointServices> = {
  'POST /checkpoints': async (services, request) =>
    answerOrder(await orderCheckpoint(services, request), services.now()),
  'GET /checkpoints/{operation}': async (services, request) =>
    answerOperation(await findOperation(services, request), services.now()),
}

/** Backs up a vault now, exactly once, and says honestly what happened. */
export function createCheckpoint(services: CheckpointServices): HttpFunction {
  return httpFunction(services, createCheckpointRoutes)
}

/** The function as AWS calls it. */
export const handler = lambdaFunction(
  'create-checkpoint',
  FOR_REQUESTS,
  (services, event, context?: HttpContext) => createCheckpoint(services)(event, context),
)
