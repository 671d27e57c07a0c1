import type { Observation, Target, Unknown, Vault } from '../backup.ts'
import type { ScanProgress, Source } from '../scan.ts'
import type { Instant } from '../time.ts'
import { toBackup, type VaultOf } from './cbr-backup.ts'
import { replicatingVaults } from './cbr-policy.ts'
import { toVault } from './cbr-vault.ts'
import { asWire, requiredTime, text } from './fields.ts'
import type { Send } from './http.ts'
import { listAll } from './list-all.ts'
import { listRows } from './list-rows.ts'
import { type Collection, readPage } from './page.ts'
import { pathTo } from './path.ts'
import { type ScanLog, scanning } from './scanning.ts'

/** What reading the CBR of one project takes. */
export interface CbrOptions {
  readonly target: Target
  /** Where CBR of that region is: scheme, host and port. */
  readonly origin: string
  readonly send: Send
  /** List calls under way at once. */
  readonly concurrency: number
  /** Whether to find out which vaults replicate: one call more, needed by `replication.required: auto` alone. */
  readonly readsReplicationPolicies: boolean
}

/** Whether an enabled replication policy is bound to a vault. */
type Replicates = (vaultId: string) => boolean | Unknown

type Observations = AsyncGenerator<readonly Observation[]>
type OnProgress = (progress: ScanProgress) => void

/** The CBR of one project as a source of observations: first what its vaults hold, then every backup. */
export function cbrSource(options: CbrOptions): Source {
  const { target } = options
  return {
    target,
    scan: (asOf, onProgress) => scanning(target, (log) => readCbr(options, asOf, log, onProgress)),
  }
}

async function* readCbr(
  options: CbrOptions,
  asOf: Instant,
  log: ScanLog,
  onProgress: OnProgress,
): Observations {
  const replicates = await readReplication(options, log)
  const vaults = new Map<string, Vault>()
  yield* readVaults(options, replicates, vaults, log)
  const vaultOf = (id: string): Vault => {
    const known = vaults.get(id) ?? {
      id,
      name: undefined,
      enterpriseProjectId: undefined,
      replicates: replicates(id),
    }
    vaults.set(id, known)
    return known
  }
  yield* readBackups(options, asOf, vaultOf, log, onProgress)
}

/** Without the vaults the backups can still be judged: what is missing then makes the target incomplete. */
async function* readVaults(
  options: CbrOptions,
  replicates: Replicates,
  vaults: Map<string, Vault>,
  log: ScanLog,
): Observations {
  const { target } = options
  const { rows } = await listRows(collectionOf(options, 'vaults'), log, { idKey: 'id', what: 'The vaults' })
  for (const row of rows) {
    const reading = toVault(row, target, replicates)
    log.malformed.push(...reading.malformed)
    if (reading.vault !== undefined) vaults.set(reading.vault.id, reading.vault)
    if (reading.resources.length > 0)
      yield reading.resources.map((resource) => ({ kind: 'resource', resource }))
  }
}

async function readReplication(options: CbrOptions, log: ScanLog): Promise<Replicates> {
  if (!options.readsReplicationPolicies) return () => 'unknown'
  const { rows, outcome } = await listRows(collectionOf(options, 'policies'), log, {
    idKey: 'id',
    what: 'The replication policies',
    filter: [['operation_type', 'replication']],
  })
  const vaultIds = replicatingVaults(rows)
  return (vaultId) => vaultIds.has(vaultId) || (outcome.brokeOff ? 'unknown' : false)
}

async function* readBackups(
  options: CbrOptions,
  asOf: Instant,
  vaultOf: VaultOf,
  log: ScanLog,
  onProgress: OnProgress,
): Observations {
  const { target, concurrency } = options
  const collection = collectionOf(options, 'backups')
  const listing = listAll<unknown>({
    fetchPage: ({ parameters }, signal) =>
      readPage(collection, [...parameters, ['show_replication', 'true']], log, signal),
    keyOf: (row) => {
      const wire = asWire(row)
      const createdAt = requiredTime(wire?.['created_at'])
      return {
        id: text(wire?.['id']) || undefined,
        createdAt: createdAt === 'unknown' ? undefined : createdAt,
      }
    },
    horizon: asOf,
    concurrency,
    onProgress: (seen, expected) => onProgress({ target, seen, expected }),
  })
  for await (const rows of listing) yield rows.flatMap((row) => observe(row, target, vaultOf, log))
  const outcome = listing.outcome()
  log.listed = outcome.listed
  log.distinct = outcome.distinct
  log.duplicates = outcome.duplicates
  log.countBefore = outcome.countBefore
  log.countAfter = outcome.countAfter
  log.incompleteBecause.push(...outcome.incompleteBecause)
  for (const note of outcome.notes) log.note(note)
  log.allUnread = outcome.brokeOff
  log.fault ??= outcome.fault
}

function observe(row: unknown, target: Target, vaultOf: VaultOf, log: ScanLog): readonly Observation[] {
  const { backup, malformed } = toBackup(row, target, vaultOf)
  if (malformed.length > 0) log.malformed.push(...malformed)
  return backup === undefined ? [] : [{ kind: 'backup', backup }]
}

function collectionOf(
  { target, origin, send }: CbrOptions,
  name: 'vaults' | 'policies' | 'backups',
): Collection {
  return {
    send,
    origin,
    path: pathTo`/v3/${target.projectId}/${name}`,
    projectId: target.projectId,
    rowsKey: name,
    countKey: 'count',
    isEmptyWhen204: false,
  }
}
