import * as z from 'zod/mini'
import { asWritten } from '../as-written.ts'
import { readAnswer } from './answer.ts'
import type { ProjectAddress } from './backup-page.ts'
import type { CheckpointBody } from './checkpoint-body.ts'
import type { Request, Response } from './http.ts'
import { refuseDeep } from './nesting.ts'
import { pathTo } from './path.ts'

/** A checkpoint as Huawei tells of it. */
export interface CheckpointAnswer {
  readonly checkpointId: string
  /** Undefined where Huawei does not name it. */
  readonly vaultId?: string
  /** Whether Huawei left out some of the resources, or all: its 200 says so only here. */
  readonly hasSkipped: boolean
  /** Huawei's body, parsed. */
  readonly body: z.infer<typeof answer>
  /** The same, untouched. */
  readonly text: string
}

const answer = asWritten(
  z.looseObject({
    checkpoint: z.looseObject({ id: z.string().check(z.minLength(1)), vault: z.optional(z.unknown()) }),
  }),
)
const named = z.looseObject({ id: z.string() })
const skipping = z.looseObject({ skipped_resources: z.array(z.unknown()).check(z.minLength(1)) })

/** Asks CBR to back up a vault. There is no idempotency key: sent twice, it may be two checkpoints. */
export function createCheckpointRequest(
  { origin, projectId }: ProjectAddress,
  body: CheckpointBody,
): Request {
  return {
    method: 'POST',
    origin,
    path: pathTo`/v3/${projectId}/checkpoints`,
    query: [],
    headers: { 'x-project-id': projectId, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/** Asks CBR how a checkpoint is doing. */
export function showCheckpointRequest({ origin, projectId }: ProjectAddress, checkpointId: string): Request {
  const path = pathTo`/v3/${projectId}/checkpoints/${checkpointId}`
  return { method: 'GET', origin, path, query: [], headers: { 'x-project-id': projectId } }
}

/** Reads the answer to either; one without the id of the checkpoint is a fault. */
export function readCheckpoint(request: Request, response: Response): CheckpointAnswer {
  const body = readAnswer(request, response, answer)
  refuseDeep(body)
  const { id, vault } = body.checkpoint
  const vaultId = z.safeParse(named, vault).data?.id
  return {
    checkpointId: id,
    ...(vaultId === undefined ? {} : { vaultId }),
    hasSkipped: z.safeParse(skipping, vault).success,
    body,
    text: response.body.toString('utf8'),
  }
}
