import type { StartPorts } from '../checkpoint/once.ts'
import type { Outcome } from '../checkpoint/outcome.ts'
import type { ReconcilePorts } from '../checkpoint/reconcile.ts'
import { Fault, type UpstreamAnswer } from '../errors.ts'
import { callerStatus, isOfValues } from '../huawei/caller-status.ts'
import { type CheckpointAnswer, createCheckpointRequest, readCheckpoint } from '../huawei/cbr-checkpoint.ts'
import type { CheckpointBody } from '../huawei/checkpoint-body.ts'
import { findCheckpoints } from '../huawei/find-checkpoint.ts'
import { redacted } from '../huawei/redact.ts'
import { showCheckpoint, watchCheckpoint } from '../huawei/show-checkpoint.ts'
import { mayHaveBeenCarriedOut, transportFailureOf } from '../huawei/transport-failure.ts'
import { keyOf } from '../key-of.ts'
import { addressOf } from './address.ts'
import type { HttpRequest, HttpWorld } from './http.ts'
import type { ChosenPlace, PlaceServices } from './place.ts'
import type { Services } from './services.ts'

/** What starting checkpoints needs of the world. */
export type CheckpointServices = HttpWorld & PlaceServices & Pick<Services, 'store' | 'now'>

/** One course of work: when its time is over, and what the log is to have of it. */
export type CheckpointCourse = Pick<HttpRequest, 'signal' | 'note'>

/** The ledger's way to Huawei for one order: a single POST, repeated only where it provably did nothing. */
export function startPorts(
  services: CheckpointServices,
  place: ChosenPlace,
  body: CheckpointBody,
  { signal, note }: CheckpointCourse,
): StartPorts {
  const address = addressOf(services, 'cbr', place)
  return {
    store: services.store,
    now: services.now,
    start: async (name) => {
      try {
        const request = createCheckpointRequest(address, named(body, name))
        const response = await services.sendTo(place.region)(request, signal)
        return toAccepted(readCheckpoint(request, response), body)
      } catch (error) {
        return toOutcome(error)
      }
    },
    onUnsaved: ({ code }) => note({ code }),
  }
}

/** The ledger's way to look for what may have been started; who must hear of it is told why it cannot be looked at. */
export function reconcilePorts(
  services: CheckpointServices,
  { signal, note }: CheckpointCourse,
  onBlind: (fault: Fault) => void = () => {},
): ReconcilePorts {
  const cbrOf = (place: ChosenPlace) =>
    [services.sendTo(place.region), addressOf(services, 'cbr', place)] as const
  return {
    store: services.store,
    now: services.now,
    find: (trace) => findCheckpoints(...cbrOf(trace), trace, signal),
    show: (trace, checkpointId) => showCheckpoint(...cbrOf(trace), checkpointId, signal),
    watch: ({ region, project_id: projectId, checkpoint_id: checkpointId }) =>
      watchCheckpoint(...cbrOf({ region, projectId }), checkpointId, signal),
    onBlind: (fault) => {
      note({ code: fault.code })
      onBlind(fault)
    },
  }
}

function named({ checkpoint }: CheckpointBody, name: string): CheckpointBody {
  return { checkpoint: { ...checkpoint, parameters: { ...checkpoint.parameters, name } } }
}

/** One of another vault is not what was asked for; what was may exist all the same. */
function toAccepted(checkpoint: CheckpointAnswer, { checkpoint: { vault_id } }: CheckpointBody): Outcome {
  const { checkpointId, vaultId } = checkpoint
  if (vaultId === undefined || keyOf(vaultId) === keyOf(vault_id)) return { kind: 'accepted', checkpoint }
  const told = `checkpoint ${redacted(checkpointId, 64)} of another vault, ${redacted(vaultId, 64)}`
  return { kind: 'doubtful', because: `Huawei answered with ${told}`, notOurs: checkpointId }
}

function toOutcome(error: unknown): Outcome {
  if (!(error instanceof Fault) || mayHaveBeenCarriedOut(error))
    return { kind: 'doubtful', because: error instanceof Fault ? error.message : 'a defect of ours' }
  // What IAM answered to a login is no word on the checkpoint, which was never sent.
  const isAnswered = error.upstream !== undefined && transportFailureOf(error) === undefined
  const isFinal = isAnswered && isForGood(error.upstream)
  return { kind: isFinal ? 'refused' : 'unsent', fault: error }
}

/** What the gateway, the keys or a passing state are to blame for may be put right, and the same request be sent then. */
function isForGood(answer: UpstreamAnswer): boolean {
  const isOfRights = answer.httpStatus === 401 || answer.httpStatus === 403
  return callerStatus(answer) !== undefined || (isOfValues(answer) && !isOfRights)
}
