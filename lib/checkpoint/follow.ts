import { eachOnce, isFailed, isLost, isOver } from '../checkpoint-status.ts'
import { formatTime, hours, type Instant } from '../time.ts'
import { coverageOf } from './coverage.ts'
import { withLeftOut } from './left-out.ts'
import { describeUnseen, unsaid } from './open-question.ts'
import { type LedgerRecord, type RecordIn, type Seen, storedTime } from './record.ts'

/** What is to be seen of a checkpoint at one moment. */
export interface CheckpointSight extends Seen {
  /** What Huawei says now of the resources; it need not have said so when it was asked to begin. */
  readonly vault?: unknown
}

type Followed = RecordIn<'STARTED' | 'PARTIAL'>

/** How long a checkpoint may take to be shown itself. */
const SHOWN_AFTER = hours(1)
/** How long lists may lag behind it, which no document says, before a backup that was never seen is given up. */
const LISTED_AFTER = hours(24)

/** Moves the record of a checkpoint that exists by what was seen of it: on until all of it has come to an end. */
export function follow(
  record: Followed,
  { status, backups, vault }: CheckpointSight,
  now: Instant,
): LedgerRecord {
  const seen = { status, backups: remembered(record.seen?.backups ?? [], backups) }
  const known = { ...completed(record, vault), seen }
  const end = endOf(known, seen, now)
  if (end === undefined) return known
  const { state, ...existing } = known
  const ended = { ...existing, ended_at: formatTime(now), is_partial: state === 'PARTIAL' }
  return end === 'available'
    ? { ...ended, state: 'DONE' }
    : { ...ended, state: 'FAILED', because: end.because }
}

/** What has ended has ended, whatever becomes of the backup then: Huawei may delete it before the others are there. */
function remembered(known: Seen['backups'], seen: Seen['backups']): Seen['backups'] {
  const over = new Map(known.filter(isOver).map((backup) => [backup.backup_id, backup]))
  const shown = eachOnce(seen, (backup) => backup.backup_id).map((backup) =>
    isOver(backup) ? backup : (over.get(backup.backup_id) ?? backup),
  )
  for (const { backup_id } of seen) over.delete(backup_id)
  return [...shown, ...over.values()]
}

/** An answer that left something open is completed by what Huawei says later, where that leaves nothing open; what it leaves out later counts in any case. */
function completed(record: Followed, later: unknown): Followed {
  if (later === undefined) return record
  const told = withVault(record, later)
  const isCompleted = unsaid(record) !== undefined && unsaid(told) === undefined
  const { skipped = [] } = coverageOf(told)
  if (skipped.length === 0) return isCompleted ? told : record
  const { vault = later } = record.answer.checkpoint
  const merged = isCompleted ? withLeftOut(later, vault) : withLeftOut(vault, later)
  // Nothing new: Huawei's words stand to the letter.
  if (record.state === 'PARTIAL' && JSON.stringify(merged) === JSON.stringify(vault)) return record
  return { ...withVault(record, merged), state: 'PARTIAL' }
}

function withVault<Record extends Followed>(record: Record, vault: unknown): Record {
  const { answer } = record
  const checkpoint = { ...answer.checkpoint, vault }
  return { ...record, answer: { ...answer, checkpoint }, answer_text: undefined }
}

function endOf(
  record: Followed,
  { status, backups }: Seen,
  now: Instant,
): 'available' | { readonly because: string } | undefined {
  const age = now - storedTime(record.settled_at)
  const failed = backups.filter(isFailed)
  if (isLost(status) || (status === 'available' && backups.every(isOver) && failed.length > 0))
    return {
      because: failed.length === 0 ? `its status is ${status}` : describeFailed(failed, backups.length),
    }
  if (status === null)
    return age > SHOWN_AFTER ? { because: 'Huawei knows no such checkpoint any more' } : undefined
  if (status !== 'available' || !backups.every(isOver)) return undefined
  if (record.state === 'PARTIAL' && coverageOf(record).accepted?.length === 0)
    return { because: 'Huawei left out every resource' }
  const unseen = describeUnseen(record, backups)
  if (unseen === undefined) return 'available'
  return age > LISTED_AFTER
    ? { because: `${unseen}; it was never made, or deleted before anybody looked` }
    : undefined
}

function describeFailed(failed: Seen['backups'], total: number): string {
  const names = failed.slice(0, 5).map(({ resource_name, backup_id }) => resource_name ?? backup_id)
  const more = failed.length > names.length ? ` and ${failed.length - names.length} more` : ''
  return `${failed.length} of ${total} backups ended in error: ${names.join(', ')}${more}`
}
