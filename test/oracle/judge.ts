import { type Micros, readMicros } from './micros.ts'
import type { Seen } from './seen.ts'
import type { Terms } from './terms.ts'
import { all, not, sure, type Truth } from './truth.ts'
import { isObject, type OracleFleet } from './wire.ts'

const CBR_STATUSES = ['available', 'protecting', 'deleting', 'restoring', 'error']
const DCS_STATUSES = ['waiting', 'backuping', 'succeed', 'failed', 'expired', 'deleted']
const RECORD_STATUSES = ['replicating', 'success', 'fail', 'skip', 'waiting_replicate']

/** Whether a backup has this status; open where its status is a word that nobody knows. */
function hasStatus(seen: Seen, ...wanted: readonly string[]): Truth {
  if (wanted.includes(seen.status)) return 'yes'
  const waiting = seen.service === 'cbr' && seen.status.startsWith('waiting_')
  if (waiting) return sure(wanted.includes('waiting_*'))
  return (seen.service === 'cbr' ? CBR_STATUSES : DCS_STATUSES).includes(seen.status) ? 'no' : 'unknown'
}

/** Whether `expired_at` is at or before a moment; DCS records have none and do not expire by time. */
function isPastExpiry(seen: Seen, moment: Micros): Truth {
  if (seen.service === 'dcs' || seen.wire.expired_at === null) return 'no'
  const expiredAt = readMicros(seen.wire.expired_at)
  return expiredAt === undefined ? 'unknown' : sure(expiredAt <= moment)
}

/** Whether `image_type` is a word that nobody knows: not one that is missing, or none. */
function hasStrangeImageType({ wire: { image_type } }: Seen): boolean {
  return typeof image_type === 'string' && image_type !== 'backup' && image_type !== 'replication'
}

/** Whether one could restore from it. */
export function isUsable(seen: Seen, { asOf }: Terms): Truth {
  if (seen.service === 'dcs') return all(sure(seen.status === 'succeed'), supportsRestore(seen))
  return all(
    sure(seen.status === 'available'),
    sure(!hasStrangeImageType(seen)),
    not(isPastExpiry(seen, asOf)),
  )
}

function supportsRestore(seen: Seen): Truth {
  const value = seen.wire.is_support_restore
  if (typeof value === 'string') return sure(value.toUpperCase() !== 'FALSE')
  if (typeof value === 'boolean') return sure(value)
  // `{}` is how Huawei's documents spell null.
  const absent = value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0)
  return absent ? 'yes' : 'unknown'
}

/** Whether `backup-expired` is found. */
export function isExpired(seen: Seen, terms: Terms): Truth {
  if (seen.service === 'dcs') return hasStatus(seen, 'expired')
  return isPastExpiry(seen, terms.asOf - terms.expiredGrace)
}

/** Whether `backup-errored` is found, of a backup or of a child. */
export function isErrored(seen: Seen): Truth {
  return hasStatus(seen, seen.service === 'cbr' ? 'error' : 'failed')
}

/** Whether `backup-stuck` is found. */
export function isStuck(seen: Seen, terms: Terms): Truth {
  const busy =
    seen.service === 'cbr'
      ? hasStatus(seen, 'protecting', 'waiting_*', 'deleting', 'restoring')
      : hasStatus(seen, 'waiting', 'backuping')
  const value = seen.wire.updated_at
  const absent = value === undefined || value === null || (seen.service === 'dcs' && isObject(value))
  const since = absent ? seen.createdAt : readMicros(value)
  return all(busy, since === undefined ? 'unknown' : sure(since <= terms.asOf - terms.stuckAfter))
}

/** Whether `backup-unreplicated` is found. */
export function isUnreplicated(seen: Seen, terms: Terms, oracle: OracleFleet): Truth {
  if (seen.service === 'dcs') return 'no'
  return all(
    requiresCopy(seen, terms, oracle),
    imageTypeIsBackup(seen),
    hasStatus(seen, 'available'),
    sure(seen.createdAt <= terms.asOf - terms.replicationGrace),
    not(hasSuccess(seen)),
  )
}

/** Unlike usability, a word that nobody knows leaves this one open: it may be a kind of backup. */
function imageTypeIsBackup(seen: Seen): Truth {
  if (seen.wire.image_type === 'backup') return 'yes'
  return seen.wire.image_type === 'replication' ? 'no' : 'unknown'
}

function requiresCopy(seen: Seen, terms: Terms, oracle: OracleFleet): Truth {
  if (terms.required === 'none') return 'no'
  if (terms.required === 'all') return 'yes'
  if (seen.vault_id === null) return 'unknown'
  const project = oracle.fleet.projects.find(
    (one) => one.region === seen.region && one.id === seen.project_id,
  )
  const policies = (project?.policies ?? []).filter(
    (policy) => policy.operation_type === 'replication' && policy.enabled === true,
  )
  const vaults = policies.flatMap((policy) =>
    Array.isArray(policy.associated_vaults) ? policy.associated_vaults.filter(isObject) : [],
  )
  return sure(vaults.some((vault) => vault.vault_id === seen.vault_id))
}

function hasSuccess(seen: Seen): Truth {
  const records = seen.wire.replication_records
  if (records === undefined || records === null) return 'no'
  if (!Array.isArray(records)) return 'unknown'
  const statuses = records.map((record) => (isObject(record) ? record.status : undefined))
  if (statuses.includes('success')) return 'yes'
  return statuses.every((status) => RECORD_STATUSES.some((known) => known === status)) ? 'no' : 'unknown'
}
