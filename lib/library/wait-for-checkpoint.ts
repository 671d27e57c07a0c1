import { Fault, type FaultCode } from '../errors.ts'
import { pause } from '../huawei/pause.ts'
import type { CbrBackup } from '../huawei/shapes/cbr-backup.ts'
import type { CbrCheckpoint } from '../huawei/shapes/cbr-checkpoint.ts'
import type { CallOptions } from './connection.ts'
import type { CbrBackupsQuery } from './queries.ts'

/** How a checkpoint stands: itself, and its backups as far as they can be seen. */
export interface CheckpointSight {
  readonly checkpoint: CbrCheckpoint
  readonly backups: readonly CbrBackup[]
}

/** How a checkpoint ended; `running` where the time was over before. */
export interface CheckpointEnd extends CheckpointSight {
  readonly outcome: 'available' | 'error' | 'running'
}

/** How to wait. */
export interface WaitOptions extends CallOptions {
  /** An hour unless told. */
  readonly timeoutMs?: number
  readonly onProgress?: (sight: CheckpointSight) => void
}

/** What waiting needs of the client. */
export interface Watched {
  readonly showCheckpoint: (checkpointId: string, options?: CallOptions) => Promise<CbrCheckpoint>
  readonly listBackups: (
    query: CbrBackupsQuery,
    options?: CallOptions,
  ) => Promise<Pick<CheckpointSight, 'backups'>>
  readonly nowMs: () => number
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
const HOUR_MS = 3_600_000

/** Follows a checkpoint until it has ended or the time is over; a fault that may pass only makes it look again. */
export async function waitForCheckpoint(
  watched: Watched,
  checkpointId: string,
  { timeoutMs = HOUR_MS, onProgress, signal }: WaitOptions,
): Promise<CheckpointEnd> {
  const deadlineMs = watched.nowMs() + timeoutMs
  let last: CheckpointSight | undefined
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const leftMs = deadlineMs - watched.nowMs()
    try {
      last = await look(watched, checkpointId, signal && { signal })
      onProgress?.(last)
      const outcome = outcomeOf(last)
      if (outcome !== 'running' || leftMs <= 0) return { ...last, outcome }
    } catch (error) {
      if (!(error instanceof Fault) || !PASSING.includes(error.code) || signal?.aborted || leftMs <= 0)
        throw error
    }
    await pause(Math.max(0, Math.min(pauseMs, leftMs)), signal)
  }
}

/** Faults that may be over at the next look. */
const PASSING: readonly FaultCode[] = ['upstream_throttled', 'upstream_unavailable', 'upstream_timeout']

async function look(
  { showCheckpoint, listBackups }: Watched,
  checkpointId: string,
  options: CallOptions | undefined,
): Promise<CheckpointSight> {
  const checkpoint = await showCheckpoint(checkpointId, options)
  const { backups } = await listBackups({ checkpoint_id: checkpointId }, options)
  return { checkpoint, backups }
}

const FAILED: readonly unknown[] = ['error', 'error-deleting', 'deleting', 'deleted']

/** It ends when each of its backups has, or when it says so itself and none is still on its way. */
function outcomeOf({ checkpoint, backups }: CheckpointSight): CheckpointEnd['outcome'] {
  const { status, vault } = checkpoint
  if (FAILED.includes(status)) return 'error'
  const expected = vault?.resources?.length ?? 0
  const isWhole = backups.length > 0 && backups.length >= expected
  const areOver = backups.every((backup) => ['available', 'error'].includes(backup.status))
  if (!areOver || !(isWhole || status === 'available')) return 'running'
  return backups.some((backup) => backup.status === 'error') ? 'error' : 'available'
}
