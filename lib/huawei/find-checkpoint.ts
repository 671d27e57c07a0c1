import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { formatTime, type Instant } from '../time.ts'
import { ask } from './answer.ts'
import { cbrPageRequest, type ProjectAddress } from './backup-page.ts'
import { type CheckpointAnswer, readCheckpoint, showCheckpointRequest } from './cbr-checkpoint.ts'
import { asWire, text } from './fields.ts'
import type { Send } from './http.ts'

/** What a checkpoint that we may have started can be known by. */
export interface CheckpointTrace {
  readonly vaultId: string
  /** When its backups were created. */
  readonly from: Instant
  readonly to: Instant | undefined
  /** Whether a backup of this name comes from it. */
  readonly isOurs: (backupName: string) => boolean
}

const page = z.looseObject({ backups: z.array(z.unknown()) })

/** The checkpoints of which backups in a vault fit. Names are compared here: whether Huawei's own filter by name is exact is not known. */
export async function findCheckpoints(
  send: Send,
  address: ProjectAddress,
  trace: CheckpointTrace,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const ids = new Set<string>()
  for (let offset = 0; ; ) {
    const query = [
      ...filterBy(trace),
      ['sort', 'created_at:asc'],
      ['limit', '1000'],
      ['offset', `${offset}`],
    ] as const
    const { backups } = await ask(send, cbrPageRequest(address, query), page, { signal })
    if (backups.length === 0) break
    for (const row of backups) {
      const wire = asWire(row)
      const checkpointId = text(wire?.['checkpoint_id'])
      if (checkpointId && trace.isOurs(text(wire?.['name']) ?? '')) ids.add(checkpointId)
    }
    offset += backups.length
  }
  return [...ids]
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

/** That its backups exist is proof enough: a checkpoint that cannot be shown is still one. */
export async function showOrName(
  send: Send,
  address: ProjectAddress,
  checkpointId: string,
  signal: AbortSignal,
): Promise<CheckpointAnswer> {
  try {
    return await showCheckpoint(send, address, checkpointId, signal)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { checkpointId, hasSkipped: false, body: { checkpoint: { id: checkpointId } } }
  }
}

function filterBy({ vaultId, from, to }: CheckpointTrace) {
  const times = to === undefined ? [] : ([['end_time', wholeSecond(to)]] as const)
  return [['vault_id', vaultId], ['start_time', wholeSecond(from)], ...times] as const
}

function wholeSecond(instant: Instant): string {
  return `${formatTime(instant).slice(0, 19)}Z`
}
