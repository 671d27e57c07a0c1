import type { Observation, Target, Vault } from '../backup.ts'
import { Fault } from '../errors.ts'
import type { Bookmark, ScanProgress, Source } from '../scan.ts'
import type { Instant } from '../time.ts'
import { type BackupReading, toBackup } from './cbr-backup.ts'
import { openBookmark, toInterruption } from './cbr-bookmark.ts'
import {
  type ReplicatingVaults,
  readReplicatingVaults,
  replicatesAmong,
  UNKNOWN_REPLICATION,
} from './cbr-policy.ts'
import { toVault } from './cbr-vault.ts'
import { asWire, requiredTime, text } from './fields.ts'
import type { Send } from './http.ts'
import { type Listing, type ListingOptions, type ListingOutcome, listAll, type RowKey } from './list-all.ts'
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
  /** Where an earlier scan was interrupted that this one goes on for. */
  readonly bookmark?: Bookmark | undefined
}

type Observations = AsyncGenerator<Observation[]>
type OnProgress = (progress: ScanProgress) => void

/** The CBR of one project as a source of observations: first what its vaults hold, then every backup. */
export function cbrSource(options: CbrOptions): Source {
  const { target } = options
  return {
    target,
    scan: (asOf, onProgress) => scanning(target, (log) => readCbr(options, asOf, log, onProgress)),
  }
}

/** What is known of the project before its backups are read. */
interface Vaults {
  readonly replicating: ReplicatingVaults
  readonly listed: readonly Vault[]
}

interface VaultsRead extends Vaults {
  /** What they hold; taken out by whoever tells of it, for it is not needed again. */
  readonly observed: Observation[][]
}

async function* readCbr(
  options: CbrOptions,
  asOf: Instant,
  log: ScanLog,
  onProgress: OnProgress,
): Observations {
  const kept = options.bookmark && openBookmark(options.bookmark)
  if (kept !== undefined) log.resume(kept.log)
  const vaults = kept === undefined ? readVaults(options, log) : Promise.resolve({ ...kept, observed: [] })
  // The rows at the ends of the list are looked at before the vaults are known, and judged by nobody.
  let vaultOf = vaultFinder({ replicating: UNKNOWN_REPLICATION, listed: [] })
  const ready = vaults.then((read) => {
    vaultOf = vaultFinder(read)
  })
  const listing = listAll<BackupReading>(
    {
      ...pagesOf(options, (id) => vaultOf(id), log),
      ready,
      horizon: asOf,
      concurrency: options.concurrency,
      onProgress: (seen, expected) => onProgress({ target: options.target, seen, expected }),
    },
    kept?.listing,
  )
  yield* readBackups(listing, vaults, log)
  const outcome = listing.outcome()
  const { replicating, listed } = await vaults
  log.interruption =
    outcome.interruption && toInterruption(outcome.interruption, { replicating, listed, log: log.kept() })
  noteDown(outcome, log)
}

function noteDown(outcome: ListingOutcome, log: ScanLog): void {
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

/** Begins to look at the list of backups while the vaults are read, and tells of the vaults first. */
async function* readBackups(
  listing: Listing<BackupReading>,
  vaults: Promise<VaultsRead>,
  log: ScanLog,
): Observations {
  const backups = listing[Symbol.asyncIterator]()
  try {
    const [{ observed }, first] = await Promise.all([vaults, backups.next()])
    yield* observed.splice(0)
    for (let next = first; next.done !== true; next = await backups.next()) yield observe(next.value, log)
  } finally {
    // Whoever leaves early gives up what is under way.
    await backups.return?.(undefined)
  }
}

/** Finds vaults by their id; of one that was not listed no more is known than its backups say. */
function vaultFinder({ replicating, listed }: Vaults): (id: string) => Vault {
  const replicates = replicatesAmong(replicating)
  const vaults = new Map(listed.map((vault) => [vault.id, vault]))
  return (id) => {
    const known = vaults.get(id) ?? {
      id,
      name: undefined,
      enterpriseProjectId: undefined,
      replicates: replicates(id),
    }
    vaults.set(id, known)
    return known
  }
}

/** Without the vaults the backups can still be judged: what is missing then makes the target incomplete. */
async function readVaults(options: CbrOptions, log: ScanLog): Promise<VaultsRead> {
  const { target } = options
  const [replicating, { rows, outcome }] = await Promise.all([
    readReplication(options, log),
    listRows(collectionOf(options, 'vaults'), log, { idKey: 'id', looksAhead: true }),
  ])
  const replicates = replicatesAmong(replicating)
  log.doubt('The vaults', outcome)
  const listed: Vault[] = []
  const observed: Observation[][] = []
  for (const row of rows) {
    const reading = toVault(row, target, replicates)
    log.cannotJudge(reading.malformed)
    if (reading.vault === undefined) continue
    const { id } = reading.vault
    listed.push(reading.vault)
    if (reading.blindSpot !== undefined)
      observed.push([{ kind: 'blind-spot', target, id, because: reading.blindSpot }])
    if (reading.resources.length > 0)
      observed.push(reading.resources.map((resource) => ({ kind: 'resource', resource })))
  }
  return { replicating, listed, observed }
}

async function readReplication(options: CbrOptions, log: ScanLog): Promise<ReplicatingVaults> {
  if (!options.readsReplicationPolicies) return UNKNOWN_REPLICATION
  const collection = collectionOf(options, 'policies')
  const filter = [['operation_type', 'replication']] as const
  try {
    // The documents know no paging here, but the answer tells a limit of 1000: further pages only where there must be some.
    const first = await readPage(collection, filter, log, asItCame)
    if (first.count === first.rows.length) return readReplicatingVaults(first.rows, true)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    log.lose(error)
    return UNKNOWN_REPLICATION
  }
  const { rows, outcome } = await listRows(collection, log, { idKey: 'id', filter })
  log.doubt('The replication policies', outcome)
  return readReplicatingVaults(rows, outcome.incompleteBecause.length === 0)
}

function pagesOf(
  options: CbrOptions,
  vaultOf: (id: string) => Vault,
  log: ScanLog,
): Pick<ListingOptions<BackupReading>, 'fetchPage' | 'keyOf'> {
  const collection = collectionOf(options, 'backups')
  const read = (row: unknown) => toBackup(row, options.target, vaultOf)
  return {
    fetchPage: ({ parameters }, signal) =>
      readPage(collection, [...parameters, ['show_replication', 'true']], log, read, signal),
    keyOf: (reading) => reading.backup ?? keyOf(reading.wire),
  }
}

function observe(readings: readonly BackupReading[], log: ScanLog): Observation[] {
  const observations: Observation[] = []
  for (const { backup, malformed } of readings) {
    if (malformed.length > 0) log.cannotJudge(malformed)
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
