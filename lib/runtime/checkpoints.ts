import { describeUntaken } from '../checkpoint/describe-operation.ts'
import { UNTAKEN } from '../checkpoint/inbox.ts'
import { leaderOf } from '../checkpoint/leader.ts'
import { isOperation, operationOf } from '../checkpoint/names.ts'
import { once } from '../checkpoint/once.ts'
import { NOTHING_SAID, type OrderFacts, orderFacts } from '../checkpoint/order-facts.ts'
import { readQuarantine } from '../checkpoint/quarantine.ts'
import { reconcile } from '../checkpoint/reconcile.ts'
import type { LedgerRecord } from '../checkpoint/record.ts'
import { Fault, type Mistake } from '../errors.ts'
import { accept, wishOf } from './accept.ts'
import { answerOperation } from './checkpoint-answer.ts'
import { type CheckpointServices, reconcilePorts, startPorts } from './checkpoint-ports.ts'
import { readCheckpointRequest } from './checkpoint-request.ts'
import type { Answer, HttpRequest } from './http.ts'
import { type PlaceWish, requirePlace } from './place.ts'
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
  return once(startPorts(services, place, body, request), {
    operation,
    region: place.region,
    projectId: place.projectId,
    vaultId,
    name: parameters?.name,
    body,
  })
}

/** What became of the operation that the path names, as an answer; throws `not_found` where there is none, or not of the target that the query names. */
export async function showOperation(services: CheckpointServices, request: HttpRequest): Promise<Answer> {
  const mistakes: Mistake[] = []
  const wish = wishOf(readQuery(request, {}, mistakes))
  refuseMistakes(mistakes)
  await requirePlace(services, wish, request.signal)
  const { operation = '' } = request.params
  const answer = isOperation(operation) ? await answerAbout(services, operation, wish, request) : undefined
  if (answer === undefined)
    throw new Fault('not_found', 'Cannot find this operation: the ledger does not know it')
  request.note({ operation })
  request.promise({ operation: `/checkpoints/${operation}` })
  return answer
}

/** An order of an alert is promised before anybody has taken it. */
async function answerAbout(
  services: CheckpointServices,
  operation: string,
  wish: PlaceWish,
  request: HttpRequest,
): Promise<Answer | undefined> {
  const { store, now } = services
  let blind: Fault | undefined
  const ports = reconcilePorts(services, request, (fault) => {
    blind = fault
  })
  const record = await reconcile(ports, operation)
  if (record !== undefined) {
    if (!isOf(wish, record)) return undefined
    request.note({ target: `${record.region}:${record.project_id}` })
    const leader = await leaderOf(record, (one) => reconcile(ports, one))
    return answerOperation(record, now(), leader, blind)
  }
  const facts = await orderFacts(store, operation)
  if (facts !== undefined && !isOf(wish, facts)) return undefined
  const quarantine = await readQuarantine(store, operation)
  if (quarantine !== undefined) {
    const { because = null } = quarantine
    const told = describeUntaken(operation, 'quarantined', because, facts ?? NOTHING_SAID)
    return { status: 200, body: JSON.stringify(told) }
  }
  if (facts === undefined) return undefined
  const waiting = describeUntaken(operation, 'waiting', UNTAKEN, facts)
  return { status: 202, body: JSON.stringify(waiting) }
}

/** An order that does not say of which target it is may be of any. */
function isOf(wish: PlaceWish, { region, project_id }: Pick<OrderFacts, 'region' | 'project_id'>): boolean {
  const agree = (named: string | undefined, own: string | null) =>
    named === undefined || own === null || named === own
  return agree(wish.region, region) && agree(wish.projectId, project_id)
}
