import { formatTime, hours, type Instant } from '../time.ts'
import { type LedgerRecord, type RecordIn, type Seen, storedTime } from './record.ts'

/** How long lists may lag behind what was started, before what is missing there is missing. */
const SHOWN_AFTER = hours(1)

const ON_THE_WAY_OUT: readonly (string | null)[] = ['error', 'error-deleting', 'deleting', 'deleted']

/** Moves the record of a checkpoint that exists by what was seen of it: on until all of it has come to an end. */
export function follow(record: RecordIn<'STARTED' | 'PARTIAL'>, seen: Seen, now: Instant): LedgerRecord {
  const { state, ...existing } = record
  const end = endOf(record, seen, now)
  if (end === undefined) return { ...record, seen }
  const ended = { ...existing, seen, ended_at: formatTime(now), is_partial: state === 'PARTIAL' }
  return end === 'available'
    ? { ...ended, state: 'DONE' }
    : { ...ended, state: 'FAILED', because: end.because }
}

function endOf(
  record: RecordIn<'STARTED' | 'PARTIAL'>,
  { status, backups }: Seen,
  now: Instant,
): 'available' | { readonly because: string } | undefined {
  const isLate = now - storedTime(record.settled_at) > SHOWN_AFTER
  if (status === null) return isLate ? { because: 'Huawei knows no such checkpoint any more' } : undefined
  const failed = backups.filter((backup) => backup.status === 'error')
  const isOver = backups.every((backup) => backup.status === 'available' || backup.status === 'error')
  if (ON_THE_WAY_OUT.includes(status) || (isOver && failed.length > 0 && status === 'available'))
    return {
      because: failed.length === 0 ? `its status is ${status}` : describeFailed(failed, backups.length),
    }
  if (status !== 'available' || !isOver) return undefined
  const accepted = acceptedIn(record)
  if (accepted === 0 && record.state === 'PARTIAL') return { because: 'Huawei left out every resource' }
  return backups.length >= (accepted ?? 1) || isLate ? 'available' : undefined
}

function describeFailed(failed: Seen['backups'], total: number): string {
  const names = failed.slice(0, 5).map(({ resource_name, backup_id }) => resource_name ?? backup_id)
  const more = failed.length > names.length ? ` and ${failed.length - names.length} more` : ''
  return `${failed.length} of ${total} backups ended in error: ${names.join(', ')}${more}`
}

/** How many resources Huawei took in; undefined where its answer is not known. */
function acceptedIn({ answer }: RecordIn<'STARTED' | 'PARTIAL'>): number | undefined {
  const { vault } = answer.checkpoint
  const resources = typeof vault === 'object' && vault !== null ? Reflect.get(vault, 'resources') : undefined
  return Array.isArray(resources) ? resources.length : undefined
}
