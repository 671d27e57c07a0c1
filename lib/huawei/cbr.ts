import type { Observation, Target, Vault } from '../backup.ts'
import { Fault } from '../errors.ts'
import type { ScanProgress, Source } from '../scan.ts'
import type { Instant } from '../time.ts'
import { type BackupReading, toBackup } from './cbr-backup.ts'
import { type Replicates, readReplicates } from './cbr-policy.ts'
import { toVault } from './cbr-vault.ts'
import { asWire, requiredTime, text } from './fields.ts'
import type { Send } from './http.ts'
import { listAll, type RowKey } from './list-all.ts'
import { asItCame, listRows } from './list-rows.ts'
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
  const { rows, outcome } = await listRows(collectionOf(options, 'vaults'), log, { idKey: 'id' })
  log.doubt('The vaults', outcome)
  for (const row of rows) {
    const reading = toVault(row, target, replicates)
    log.malformed.push(...reading.malformed)
    if (reading.vault === undefined) continue
    const { id } = reading.vault
    vaults.set(id, reading.vault)
    if (reading.blindSpot !== undefined)
      yield [{ kind: 'blind-spot', target, id, because: reading.blindSpot }]
    if (reading.resources.length > 0)
      yield reading.resources.map((resource) => ({ kind: 'resource', resource }))
  }
}

async function readReplication(options: CbrOptions, log: ScanLog): Promise<Replicates> {
  if (!options.readsReplicationPolicies) return () => 'unknown'
  const collection = collectionOf(options, 'policies')
  const filter = [['operation_type', 'replication']] as const
  try {
    // The documents know no paging here, but the answer tells a limit of 1000: further pages only where there must be some.
    const first = await readPage(collection, filter, log, asItCame)
    if (first.count === first.rows.length) return readReplicates(first.rows, true)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    log.lose(error)
    return () => 'unknown'
  }
  const { rows, outcome } = await listRows(collection, log, { idKey: 'id', filter })
  log.doubt('The replication policies', outcome)
  return readReplicates(rows, outcome.incompleteBecause.length === 0)
}

async function* readBackups(
  options: CbrOptions,
  asOf: Instant,
  vaultOf: (id: string) => Vault,
  log: ScanLog,
  onProgress: OnProgress,
): Observations {
  const { target, concurrency } = options
  const collection = collectionOf(options, 'backups')
  const read = (row: unknown) => toBackup(row, target, vaultOf)
  const listing = listAll<BackupReading>({
    fetchPage: ({ parameters }, signal) =>
      readPage(collection, [...parameters, ['show_replication', 'true']], log, read, signal),
    keyOf: (reading) => reading.backup ?? keyOf(reading.wire),
    horizon: asOf,
    concurrency,
    onProgress: (seen, expected) => onProgress({ target, seen, expected }),
  })
  for await (const readings of listing) yield observe(readings, log)
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

function observe(readings: readonly BackupReading[], log: ScanLog): readonly Observation[] {
  const observations: Observation[] = []
  for (const { backup, malformed } of readings) {
    if (malformed.length > 0) log.malformed.push(...malformed)
    if (backup !== undefined) observations.push({ kind: 'backup', backup })
  }
  return observations
}

/** What places a row that cannot be judged. */
function keyOf(row: unknown): RowKey {
  const wire = asWire(row)
  const createdAt = requiredTime(wire?.['created_at'])
  return {
    id: text(wire?.['id']) || undefined,
    createdAt: createdAt === 'unknown' ? undefined : createdAt,
  }
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
