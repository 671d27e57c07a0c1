import type { Dice } from '../dice.ts'
import type { Wire, WireBackup } from '../fleet.ts'
import { formatStamp, parseStamp } from '../stamp.ts'
import { writeBackup } from '../write-backup.ts'
import type { ReplicationFacts } from '../write-replication-record.ts'
import { backupFacts, type History } from './history.ts'
import { HOUR_US } from './vault-draft.ts'

/** Bends a history in which all went well. */
export type Twist = (history: History, tools: Tools) => void

interface Tools {
  readonly dice: Dice
  readonly nowUs: number
}

/** Why copies fail. */
export const VAULT_FULL = { code: 'BackupService.6129', reason: 'The destination vault is full.' }
/** Why copies fail elsewhere. */
export const IMPORT_FAILED = {
  code: 'BackupService.1006',
  reason: 'The copy could not be imported at the destination.',
}

/** Nothing: the extent of the history is trouble enough, or none. */
export function leave(): void {}

/** Makes the backups of some runs end in error, without copies. */
export function failRuns(...ago: readonly number[]) {
  return ({ backups, copies }: History) => {
    for (const backup of at(backups, ago)) {
      dropCopyOf(backup, copies)
      Object.assign(backup, { status: 'error', protected_at: null, replication_records: [] })
    }
  }
}

/** Takes the resource off its schedule, so many runs ago. */
export function dropNewest(count: number) {
  return ({ backups, entry }: History) => {
    backups.splice(0, count)
    entry['auto_protect'] = false
  }
}

/** The server and its vault's backups are gone; what is left lies in the other region. */
export function keepOnlyCopies({ backups, copies, entry }: History): void {
  backups.length = 0
  copies.splice(0, 2)
  entry['protect_status'] = 'deleted'
}

/** Gives a backup two disks, of which one ended in error. */
export function failChild(ago: number) {
  return (history: History, { dice }: Tools) => {
    for (const backup of at(history.backups, [ago]))
      backup['children'] = ['available', 'error'].map((status, index) =>
        describeDisk(history, backup, status, index, dice),
      )
  }
}

function describeDisk(
  { subject, vault }: History,
  backup: WireBackup,
  status: string,
  index: number,
  dice: Dice,
): WireBackup {
  const disk = { ...subject, id: dice.uuid(), name: `${subject.name}-disk-${index}` }
  return writeBackup({
    id: dice.uuid(),
    checkpointId: String(backup['checkpoint_id']),
    projectId: vault.project.id,
    vaultId: vault.id,
    name: `${backup['name']}_${disk.name}`,
    resource: { ...disk, type: 'OS::Cinder::Volume' },
    status,
    createdAt: String(backup.created_at),
    protectedAt: null,
    updatedAt: String(backup['updated_at']),
    expiredAt: typeof backup['expired_at'] === 'string' ? backup['expired_at'] : null,
    incremental: true,
    automatic: true,
    parentId: String(backup.id),
    snapshotId: dice.uuid(),
  })
}

/** Makes a copy end in error. */
export function failCopy({ copies }: History): void {
  for (const copy of at(copies, [1])) copy.status = 'error'
}

type Attempt = Pick<ReplicationFacts, 'status' | 'failure'>

/** Replaces the replication of some runs by an attempt that led to no copy; none at all where undefined. */
export function replicate(attempt: Attempt | undefined, ...ago: readonly number[]) {
  return (history: History) => {
    for (const backup of at(history.backups, ago)) {
      dropCopyOf(backup, history.copies)
      const record = recordsOf(backup)[0]
      backup.replication_records =
        attempt === undefined || record === undefined ? [] : [withAttempt(record, attempt)]
    }
  }
}

function withAttempt(record: Wire, { status, failure }: Attempt): Wire {
  return {
    ...record,
    status,
    destination_backup_id: null,
    extra_info: {
      ...(record['extra_info'] as Wire),
      progress: 0,
      fail_code: failure?.code ?? '',
      fail_reason: failure?.reason ?? '',
    },
  }
}

/** The first attempt failed, the second went well: the backup is replicated. */
export function failThenSucceed({ backups }: History, { dice }: Tools): void {
  for (const backup of at(backups, [2])) {
    const success = recordsOf(backup)[0] ?? {}
    const earlier = (parseStamp(success['created_at']) ?? 0) - HOUR_US / 2
    const failed = withAttempt(success, { status: 'fail', failure: IMPORT_FAILED })
    backup.replication_records = [{ ...failed, id: dice.uuid(), created_at: formatStamp(earlier) }, success]
  }
}

/** Adds a backup that somebody asked for some hours ago and that has not moved since. */
export function stick(status: string, hoursAgo: number) {
  return (history: History, { dice, nowUs }: Tools) => {
    const { subject, vault, backups, entry } = history
    const at = formatStamp(nowUs - Math.round(hoursAgo * HOUR_US) - 1 - dice.below(60_000_000))
    const facts = backupFacts(subject, vault, vault.run(0), 1, false, dice)
    backups.push(
      writeBackup({
        ...facts,
        checkpointId: dice.uuid(),
        name: `manualbk_${subject.id.slice(0, 4)}`,
        status,
        createdAt: at,
        updatedAt: at,
        protectedAt: null,
        expiredAt: null,
        automatic: false,
        replicationRecords: [],
      }),
    )
    if (status === 'protecting') entry['protect_status'] = 'protecting'
  }
}

/** Holds an older backup in a passing status since some hours ago. */
export function hold(status: string, ago: number, hoursAgo: number) {
  return ({ backups }: History, { nowUs }: Tools) => {
    for (const backup of at(backups, [ago]))
      Object.assign(backup, { status, updated_at: formatStamp(nowUs - hoursAgo * HOUR_US) })
  }
}

/** Makes its vault say something unusual of the resource. */
export function enter(entry: Wire) {
  return (history: History) => {
    Object.assign(history.entry, entry)
  }
}

function at(backups: readonly WireBackup[], ago: readonly number[]): readonly WireBackup[] {
  return ago.map((index) => backups[index]).filter((backup) => backup !== undefined)
}

function recordsOf(backup: WireBackup): readonly Wire[] {
  return Array.isArray(backup.replication_records) ? (backup.replication_records as Wire[]) : []
}

function dropCopyOf(backup: WireBackup, copies: WireBackup[]): void {
  const copyId = recordsOf(backup)[0]?.['destination_backup_id']
  const index = copies.findIndex(({ id }) => id === copyId)
  if (index >= 0) copies.splice(index, 1)
}
