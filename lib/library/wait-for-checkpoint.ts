import { eachOnce, FIRST_PAUSE_MS, isFailed, isLost, isOver, nextPauseMs } from '../checkpoint-status.ts'
import { Fault, type FaultCode } from '../errors.ts'
import { pause } from '../huawei/pause.ts'
import type { CbrBackup } from '../huawei/shapes/cbr-backup.ts'
import type { CbrCheckpoint } from '../huawei/shapes/cbr-checkpoint.ts'
import { unseenResources } from '../unseen-resources.ts'
import type { CallOptions } from './connection.ts'
import type { CbrBackupsQuery } from './queries.ts'

/** How a checkpoint stands: itself, and its backups as far as they can be seen. */
export interface CheckpointSight {
  readonly checkpoint: CbrCheckpoint
  readonly backups: readonly CbrBackup[]
  /** The resources that were taken in, and no backup of which was seen yet. */
  readonly unseen: NonNullable<NonNullable<CbrCheckpoint['vault']>['resources']>
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

const HOUR_MS = 3_600_000

/** Follows a checkpoint until it has ended or the time is over; a fault that may pass only makes it look again. */
export async function waitForCheckpoint(
  watched: Watched,
  checkpointId: string,
  { timeoutMs = HOUR_MS, onProgress, signal }: WaitOptions,
): Promise<CheckpointEnd> {
  const deadlineMs = watched.nowMs() + timeoutMs
  const ended = new Map<string, CbrBackup>()
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = nextPauseMs(pauseMs)) {
    const leftMs = deadlineMs - watched.nowMs()
    try {
      const sight = await look(watched, checkpointId, ended, signal && { signal })
      onProgress?.(sight)
      const outcome = outcomeOf(sight)
      if (outcome !== 'running' || leftMs <= 0) return { ...sight, outcome }
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
  ended: Map<string, CbrBackup>,
  options: CallOptions | undefined,
): Promise<CheckpointSight> {
  const checkpoint = await showCheckpoint(checkpointId, options)
  const listed = (await listBackups({ checkpoint_id: checkpointId }, options)).backups
  for (const backup of listed) if (isOver(backup)) ended.set(backup.id, backup)
  // What has ended has ended: Huawei may delete a backup before the others are there.
  const running = eachOnce(listed, (backup) => backup.id).filter(({ id }) => !ended.has(id))
  const backups = [...ended.values(), ...running]
  return { checkpoint, backups, unseen: [...unseenResources(checkpoint.vault?.resources ?? [], backups)] }
}

/** It ends when a backup of each resource has; where it does not name its resources, when it says so itself. */
function outcomeOf({ checkpoint, backups, unseen }: CheckpointSight): CheckpointEnd['outcome'] {
  const { status, vault } = checkpoint
  if (isLost(status)) return 'error'
  const expected = vault?.resources?.length ?? 0
  if (expected === 0 && (vault?.skipped_resources?.length ?? 0) > 0) return 'error'
  if (backups.length === 0 || !backups.every(isOver)) return 'running'
  const isEnded = status === 'available'
  const isWhole = unseen.length === 0 && (expected > 0 || isEnded)
  if (backups.some(isFailed)) return isWhole || isEnded ? 'error' : 'running'
  return isWhole ? 'available' : 'running'
}
