import type { Dice } from '../dice.ts'
import type { Wire, WireBackup } from '../fleet.ts'
import { formatStamp } from '../stamp.ts'
import { type BackupFacts, type ResourceType, writeBackup } from '../write-backup.ts'
import { type ReplicationFacts, writeReplicationRecord } from '../write-replication-record.ts'
import type { Run, VaultDraft } from './vault-draft.ts'

/** Something that is backed up. */
export interface Subject {
  readonly id: string
  readonly name: string
  readonly type: ResourceType
  readonly sizeGb: number
  readonly az: string
}

/** What there is of a resource, newest first: its backups in its vault, and their copies elsewhere. */
export interface History {
  readonly subject: Subject
  readonly vault: VaultDraft
  readonly backups: WireBackup[]
  readonly copies: WireBackup[]
  /** What its vault says of it, where that is not the usual. */
  readonly entry: Wire
}

/** How many runs are in a history, and how many of them still have a copy. */
export interface Extent {
  readonly runs: number
  readonly copies: number
}

/** So long a run is copied: until then it has no copy. */
const COPYING_US = 60 * 60_000_000

/** The history of a resource that every run backed up and copied. */
export function writeHistory(
  subject: Subject,
  vault: VaultDraft,
  extent: Extent,
  dice: Dice,
  nowUs: number,
): History {
  const history: History = { subject, vault, backups: [], copies: [], entry: {} }
  const ordinal = vault.resources.length + 1
  for (let ago = 0; ago < extent.runs; ago++) {
    const run = vault.run(ago)
    const facts = backupFacts(subject, vault, run, ordinal, ago === extent.runs - 1, dice)
    const isCopied = run.copiedUs + COPYING_US <= nowUs
    const copyId = isCopied ? dice.uuid() : null
    const replication = replicationFacts(facts, vault, run, copyId, dice)
    history.backups.push(writeBackup({ ...facts, replicationRecords: [writeReplicationRecord(replication)] }))
    if (copyId !== null && history.copies.length < extent.copies)
      history.copies.push(writeCopy(facts, run, replication, copyId))
  }
  return history
}

/** The facts of the backup that a run made of a resource; resources of one vault follow each other within seconds. */
export function backupFacts(
  subject: Subject,
  vault: VaultDraft,
  run: Run,
  ordinal: number,
  isFirst: boolean,
  dice: Dice,
): BackupFacts {
  const createdUs = run.startUs + (ordinal % 64) * 2_000_000 + dice.below(1_900_000)
  return {
    id: dice.uuid(),
    checkpointId: run.checkpointId,
    projectId: vault.project.id,
    vaultId: vault.id,
    name: nameBackup(run, ordinal),
    resource: subject,
    status: 'available',
    createdAt: formatStamp(createdUs),
    protectedAt: run.protectedAt,
    updatedAt: formatStamp(createdUs + 200_000_000 + dice.below(900_000_000)),
    expiredAt: run.expiredAt,
    incremental: !isFirst,
    automatic: true,
    ...(subject.type === 'OS::Cinder::Volume' && { snapshotId: dice.uuid() }),
  }
}

/** The facts of a replication that went well, or that still runs where there is no copy yet. */
function replicationFacts(
  facts: BackupFacts,
  vault: VaultDraft,
  run: Run,
  copyId: string | null,
  dice: Dice,
): ReplicationFacts {
  return {
    id: dice.uuid(),
    status: copyId === null ? 'replicating' : 'success',
    createdAt: run.copiedAt,
    sourceBackupId: facts.id,
    sourceCheckpointId: facts.checkpointId,
    sourceProjectId: facts.projectId,
    sourceRegion: vault.project.region,
    vaultId: vault.id,
    destination: vault.destination ?? { region: '', projectId: '', vaultId: '' },
    copyId,
    copyCheckpointId: run.copyCheckpointId,
    automatic: true,
  }
}

function writeCopy(facts: BackupFacts, run: Run, { destination }: ReplicationFacts, id: string): WireBackup {
  return writeBackup({
    ...facts,
    id,
    checkpointId: run.copyCheckpointId,
    projectId: destination.projectId,
    vaultId: destination.vaultId,
    imageType: 'replication',
    createdAt: formatStamp(run.copiedUs + Number(facts.createdAt.slice(-6))),
    updatedAt: formatStamp(run.copiedUs + 1_500_000_000),
    expiredAt: run.copyExpiredAt,
  })
}

/** Decoded from bytes to be flat, as in `formatStamp`. */
function nameBackup({ checkpointId }: Run, ordinal: number): string {
  const name = `autobk_${checkpointId.slice(0, 4)}_${String(ordinal).padStart(4, '0')}`
  return Buffer.from(name, 'latin1').toString('latin1')
}
