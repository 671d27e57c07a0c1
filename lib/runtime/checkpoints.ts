import { isOperation, operationOf } from '../checkpoint/names.ts'
import { once } from '../checkpoint/once.ts'
import type { LedgerRecord } from '../checkpoint/record.ts'
import { whatBecame } from '../checkpoint/what-became.ts'
import { Fault, type Mistake } from '../errors.ts'
import { showCheckpoint } from '../huawei/find-checkpoint.ts'
import { accept } from './accept.ts'
import { addressOf } from './address.ts'
import { type CheckpointServices, checkpointDesk, checkpointLookout } from './checkpoint-desk.ts'
import { readCheckpointRequest } from './checkpoint-request.ts'
import type { HttpRequest } from './http.ts'
import { readQuery, refuseMistakes } from './query.ts'

/** Takes in a request for a checkpoint and carries it out once. The answer will name its operation and its key, whatever it is. */
export async function orderCheckpoint(
  services: CheckpointServices,
  request: HttpRequest,
): Promise<LedgerRecord> {
  const { place, input } = await accept(services, request, {}, (mistakes) =>
    readCheckpointRequest(request, services, mistakes),
  )
  const { key, body } = input
  if (body === undefined) throw new TypeError('A request without mistakes has a body')
  const operation = operationOf(key, place.region, place.projectId)
  request.note({ operation })
  request.promise({ operation: `/checkpoints/${operation}`, 'idempotency-key': key })
  const { vault_id: vaultId, parameters } = body.checkpoint
  return once(checkpointDesk(services, place, body, request), {
    operation,
    region: place.region,
    projectId: place.projectId,
    vaultId,
    name: parameters?.name,
    body,
  })
}

/** What became of the operation that the path names; throws `not_found` where there is none. */
export async function findOperation(
  services: CheckpointServices,
  request: HttpRequest,
): Promise<LedgerRecord> {
  const mistakes: Mistake[] = []
  readQuery(request, {}, mistakes)
  refuseMistakes(mistakes)
  const { operation = '' } = request.params
  const record = isOperation(operation)
    ? await whatBecame(checkpointLookout(services, request), operation)
    : undefined
  if (record === undefined)
    throw new Fault('not_found', 'Cannot find this operation: the ledger does not know it')
  request.note({ operation, target: `${record.region}:${record.project_id}` })
  request.promise({ operation: `/checkpoints/${operation}` })
  return withPresentStatus(services, record, request.signal)
}

/** A checkpoint goes on after it was started: its status is what Huawei says now, or what it said then where it cannot be asked. */
async function withPresentStatus(
  services: CheckpointServices,
  record: LedgerRecord,
  signal: AbortSignal,
): Promise<LedgerRecord> {
  if (record.state !== 'STARTED' && record.state !== 'PARTIAL') return record
  const { region, project_id: projectId, checkpoint_id: checkpointId, answer } = record
  const address = addressOf(services, 'cbr', { region, projectId })
  try {
    const { body } = await showCheckpoint(services.sendTo(region), address, checkpointId, signal)
    const status = body.checkpoint['status'] ?? answer.checkpoint['status']
    return { ...record, answer: { ...answer, checkpoint: { ...answer.checkpoint, status } } }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return record
  }
}
