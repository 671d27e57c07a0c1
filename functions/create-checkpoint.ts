import { answerOperation, answerOrder } from '../lib/runtime/checkpoint-answer.ts'
import type { CheckpointServices } from '../lib/runtime/checkpoint-desk.ts'
import { findOperation, orderCheckpoint } from '../lib/runtime/checkpoints.ts'
import { type HttpFunction, httpFunction, type Routes } from '../lib/runtime/http.ts'

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
