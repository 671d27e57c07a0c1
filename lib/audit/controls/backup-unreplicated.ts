import type { Backup, Replication, Unknown } from '../../backup.ts'
import { before } from '../../time.ts'
import { type BackupControl, PASS, type Terms, unknown, type Verdict } from '../control.ts'
import { compareText } from '../order.ts'
import { isDocumented, REPLICATION_STATUSES } from '../statuses.ts'
import { ago, quoted, strangeStatus } from '../words.ts'

/** Backups of which there is no copy elsewhere: one lost region loses them too. */
export const backupUnreplicated: BackupControl = {
  id: 'backup-unreplicated',
  severity: { cbr: 'high', dcs: 'high' },
  passTitle: 'Every backup has a copy elsewhere',
  failTitle: 'A backup has no copy elsewhere',
  remedy: {
    cbr: 'Replicate the backup now, and bind a replication policy to its vault so that the next ones follow by themselves',
    dcs: 'Nothing to do: backups of DCS are not replicated by the service',
  },
  scope: 'backup',
  ofChildren: false,
  check: (backup, terms) => {
    if (isSurelyNotAsked(backup, terms)) return PASS
    const open = openQuestion(backup, terms)
    return open === undefined ? lacksCopy(backup, terms) : unknown(open)
  },
}

function isSurelyNotAsked(backup: Backup, { asOf, policy }: Terms): boolean {
  const { service, imageType, status, createdAt, vault, replications } = backup
  const { grace, required } = policy.replication
  return (
    service === 'dcs' ||
    required === 'none' ||
    imageType === 'replication' ||
    (status !== 'available' && isDocumented(service, status)) ||
    createdAt > before(asOf, grace) ||
    (required === 'auto' && vault?.replicates === false) ||
    (replications !== 'unknown' && replications.some((record) => record.status === 'success'))
  )
}

/** What cannot be told of the conditions that are not surely false. */
function openQuestion(backup: Backup, { policy }: Terms): string | undefined {
  const { imageType, status, vault, replications } = backup
  if (imageType === 'unknown') return 'Whether the backup is a copy itself cannot be told'
  if (imageType !== 'backup') return `The image_type ${quoted(imageType)} is not documented`
  if (status !== 'available') return strangeStatus(status)
  if (policy.replication.required === 'auto') {
    if (vault === undefined)
      return 'The vault of the backup is not listed, so whether it replicates cannot be told'
    if (vault.replicates === 'unknown') return 'Whether the vault of the backup replicates cannot be told'
  }
  if (replications === 'unknown') return 'The replication records cannot be read'
  const strange = replications.find(({ status }) => !REPLICATION_STATUSES.some((known) => known === status))
  if (strange === undefined) return undefined
  return strange.status === 'unknown'
    ? 'The status of a replication record is missing'
    : `The status ${quoted(strange.status)} of a replication record is not documented`
}

function lacksCopy(backup: Backup, { asOf }: Terms): Verdict {
  const latest = latestOf(backup.replications)
  const created = `The backup was created ${ago(backup.createdAt, asOf)}`
  if (latest === undefined)
    return {
      outcome: 'fail',
      because: `${created} and was never replicated`,
      evidence: { replication_status: 'none', replication_region: null, replication_error: null },
    }
  const { status, destinationRegion, failCode, failReason } = latest
  const error = [failCode, failReason].filter((text) => text !== undefined).join(': ') || null
  const to = destinationRegion === undefined ? '' : ` to ${quoted(destinationRegion)}`
  const why = error === null ? '' : ` (${error})`
  return {
    outcome: 'fail',
    because: `${created} and has no copy: its latest replication${to} has the status "${status}"${why}`,
    evidence: {
      replication_status: status,
      replication_region: destinationRegion ?? null,
      replication_error: error,
    },
  }
}

function latestOf(records: readonly Replication[] | Unknown): Replication | undefined {
  if (records === 'unknown') return undefined
  return records.toSorted((a, b) => timeOf(a) - timeOf(b) || compareText(a.id, b.id)).at(-1)
}

/** A record without a readable time sorts first: it is the latest only where no other is there. */
function timeOf({ createdAt }: Replication): number {
  return typeof createdAt === 'number' ? createdAt : Number.MIN_SAFE_INTEGER
}
