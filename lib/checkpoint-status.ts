/** The statuses of a checkpoint that is in error, or on its way out. */
const LOST: readonly unknown[] = ['error', 'error-deleting', 'deleting', 'deleted']

/** Whether a checkpoint in this status can come to no good end. */
export function isLost(status: unknown): boolean {
  return LOST.includes(status)
}

/** Whether a backup of a checkpoint is no longer being made, well or badly. */
export function isOver(backup: { readonly status?: unknown }): boolean {
  return backup.status === 'available' || isFailed(backup)
}

/** Whether a backup of a checkpoint ended in error. */
export function isFailed({ status }: { readonly status?: unknown }): boolean {
  return status === 'error'
}

/** Each backup once, for a list may show one twice: as it is later in the list, unless it has ended before. */
export function eachOnce<Backup extends { readonly status?: unknown }>(
  backups: readonly Backup[],
  idOf: (backup: Backup) => unknown,
): Backup[] {
  const byId = new Map<unknown, Backup>()
  for (const backup of backups) {
    const id = idOf(backup) ?? backup
    const known = byId.get(id)
    if (known === undefined || !isOver(known)) byId.set(id, backup)
  }
  return [...byId.values()]
}

/** How long to wait after the first look at a checkpoint that is followed. */
export const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

/** How long to wait after the next look: half as long again each time, up to ten seconds. */
export function nextPauseMs(pauseMs: number): number {
  return Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)
}
