import { Fault } from '../errors.ts'
import { ask } from './answer.ts'
import { cbrPage, cbrPageRequest, type ProjectAddress } from './backup-page.ts'
import { type CheckpointAnswer, readCheckpoint, showCheckpointRequest } from './cbr-checkpoint.ts'
import { asWire, text } from './fields.ts'
import type { Send } from './http.ts'

/** What is to be seen of a checkpoint that exists. */
export interface CheckpointSeen {
  /** Huawei's word; null where it knows no such checkpoint. */
  readonly status: string | null
  /** What it says of vault and resources, of which nothing is believed yet. */
  readonly vault?: unknown
  readonly backups: {
    backup_id: string
    resource_id: string | null
    resource_name: string | null
    status: string
  }[]
}

/** A checkpoint as it is now. */
export async function showCheckpoint(
  send: Send,
  address: ProjectAddress,
  checkpointId: string,
  signal: AbortSignal,
): Promise<CheckpointAnswer> {
  const request = showCheckpointRequest(address, checkpointId)
  return readCheckpoint(request, await send(request, signal))
}

/** How a checkpoint and each of its backups are doing. */
export async function watchCheckpoint(
  send: Send,
  address: ProjectAddress,
  checkpointId: string,
  signal: AbortSignal,
): Promise<CheckpointSeen> {
  const [shown, backups] = await Promise.all([
    standingOf(send, address, checkpointId, signal),
    backupsOf(send, address, checkpointId, signal),
  ])
  return { ...shown, backups }
}

async function standingOf(
  send: Send,
  address: ProjectAddress,
  checkpointId: string,
  signal: AbortSignal,
): Promise<Pick<CheckpointSeen, 'status' | 'vault'>> {
  try {
    const { body } = await showCheckpoint(send, address, checkpointId, signal)
    return { status: text(body.checkpoint['status']) ?? '', vault: body.checkpoint.vault }
  } catch (error) {
    const isGone = error instanceof Fault && error.upstream?.httpStatus === 404
    if (!isGone) throw error
    return { status: null }
  }
}

/** One page: a checkpoint holds at most the 256 resources of a vault. */
async function backupsOf(
  send: Send,
  address: ProjectAddress,
  checkpointId: string,
  signal: AbortSignal,
): Promise<CheckpointSeen['backups']> {
  const query = [
    ['checkpoint_id', checkpointId],
    ['sort', 'created_at:asc'],
    ['limit', '1000'],
  ] as const
  const { backups } = await ask(send, cbrPageRequest(address, query), cbrPage, { signal })
  return backups.flatMap((row) => {
    const wire = asWire(row)
    const id = text(wire?.['id'])
    // Whatever a server makes of the filter: what belongs to another checkpoint is none of ours.
    if (!id || wire?.['checkpoint_id'] !== checkpointId) return []
    return {
      backup_id: id,
      resource_id: text(wire['resource_id']) ?? null,
      resource_name: text(wire['resource_name']) ?? null,
      status: text(wire['status']) ?? '',
    }
  })
}
