import type { BackupTable } from './backup-table.ts'
import type { Dice } from './dice.ts'
import type { Wire } from './fleet.ts'
import { describeOperation } from './operation-log.ts'
import { parseStamp } from './stamp.ts'

/** What of a project expiry touches. */
interface Home {
  readonly backups: BackupTable
  readonly logs: Wire[]
}

interface Expiry {
  readonly atUs: number
  readonly project: Home
  readonly id: string
}

/**
 * Deletes backups some time after they expired, as Huawei does: late. Those that had expired before `fromUs` stay for
 * good, for that happens too and is what an audit must find.
 */
export function createExpiry(
  projects: readonly Home[],
  { fromUs, lateMs, dice }: { readonly fromUs: number; readonly lateMs: number; readonly dice: Dice },
): (nowUs: number) => void {
  let left: Expiry[] | undefined
  return (nowUs) => {
    // Nothing can be due before that; looked through only then, a big account does not delay the start.
    if (nowUs < fromUs + lateMs * 1000) return
    left ??= projects
      .flatMap((project) => expiriesOf(project, fromUs))
      .sort((one, other) => other.atUs - one.atUs)
    for (let due = left.at(-1); due !== undefined; due = left.at(-1)) {
      const dueUs = due.atUs + lateMs * 1000
      if (dueUs > nowUs) return
      left.pop()
      remove(due, dueUs, dice)
    }
  }
}

function expiriesOf(project: Home, fromUs: number): readonly Expiry[] {
  return project.backups.rows.flatMap(({ id, wire }) => {
    const atUs = parseStamp(wire['expired_at'])
    return atUs === undefined || atUs <= fromUs ? [] : [{ atUs, project, id }]
  })
}

/** What was given another expiry meanwhile, or is gone, is left alone. */
function remove({ project, id, atUs }: Expiry, dueUs: number, dice: Dice): void {
  const backup = project.backups.find(id)
  if (backup === undefined || parseStamp(backup['expired_at']) !== atUs) return
  project.backups.remove(id)
  project.logs.push(describeOperation(backup, 'delete', dice.uuid(), dueUs))
}
