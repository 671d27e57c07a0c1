import type { Observation } from '../backup.ts'
import type { Bookmark, ScanProgress, Source } from '../scan.ts'
import type { Instant } from '../time.ts'
import { BACKUP_PROJECTION, type BackupReading, toBackup, type VaultOf } from './cbr-backup.ts'
import { openBookmark, toInterruption } from './cbr-bookmark.ts'
import { collectionOf } from './cbr-collection.ts'
import { VaultBook } from './cbr-vault-book.ts'
import { observeVaults, readVaults, type Vaults, type VaultsRead } from './cbr-vaults.ts'
import { asWire, requiredTime, text } from './fields.ts'
import { listAll } from './list-all.ts'
import type { Listing, ListingOptions, ListingOutcome, RowKey } from './listing/listing.ts'
import { readPage } from './page.ts'
import { accessTo, type TargetAccess } from './project-access.ts'
import { Patterns } from './rows/patterns.ts'
import { type ScanLog, scanning } from './scanning.ts'

/** What reading the CBR of one project takes. */
export interface CbrOptions extends TargetAccess {
  /** List calls under way at once. */
  readonly concurrency: number
  /** Whether to find out which vaults replicate: one call more, needed by `replication.required: auto` alone. */
  readonly readsReplicationPolicies: boolean
  /** Where an earlier scan was interrupted that this one goes on for. */
  readonly bookmark?: Bookmark | undefined
}

const NO_VAULTS =
  'Backups lie in vaults, and no vault was listed: a resource that has no backup at all would not be known'

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

async function* readCbr(
  options: CbrOptions,
  asOf: Instant,
  log: ScanLog,
  onProgress: OnProgress,
): Observations {
  const kept = options.bookmark && openBookmark(options.bookmark)
  if (kept !== undefined) log.resume(kept.log)
  const book = new VaultBook()
  const listing = listAll<BackupReading>(
    {
      ...pagesOf(options, book.vaultOf, log),
      horizon: asOf,
      concurrency: options.concurrency,
      onProgress: (seen, expected) => onProgress({ target: options.target, seen, expected }),
    },
    kept?.listing,
  )
  const known = kept && { ...kept, held: [] }
  const { replicating, listed } = yield* readBackups(options, listing, known, book, log)
  const outcome = listing.outcome()
  log.interruption =
    outcome.interruption && toInterruption(outcome.interruption, { replicating, listed, log: log.kept() })
  noteDown(outcome, log)
}

function noteDown(outcome: ListingOutcome, log: ScanLog): void {
  log.listed = outcome.listed
  // Those too that were created after `as_of`: `listed` counts them.
  log.distinct = outcome.listed - outcome.duplicates
  log.duplicates = outcome.duplicates
  log.countBefore = outcome.countBefore
  log.countAfter = outcome.countAfter
  log.incompleteBecause.push(...outcome.incompleteBecause)
  for (const note of outcome.notes) log.note(note)
  log.allUnread = outcome.brokeOff
  log.fault ??= outcome.fault
}

/** Begins to read the backups while the vaults are read, and tells of the vaults first: no backup is judged before. */
async function* readBackups(
  options: CbrOptions,
  listing: Listing<BackupReading>,
  known: VaultsRead | undefined,
  book: VaultBook,
  log: ScanLog,
): AsyncGenerator<Observation[], Vaults> {
  const backups = listing[Symbol.asyncIterator]()
  try {
    // The ends of the list are asked for first: all its windows wait for them.
    const asking = backups.next()
    const vaults = known ?? readVaults(accessTo(options), options.readsReplicationPolicies, log)
    const [first, read] = await Promise.all([asking, vaults])
    book.learn(read)
    yield* observeVaults(read, options.target, log)
    for (let next = first; next.done !== true; next = await backups.next()) yield observe(next.value, log)
    if (book.isContradicted) log.note(NO_VAULTS)
    return read
  } finally {
    // Whoever leaves early gives up what is under way.
    await backups.return?.(undefined)
  }
}

function pagesOf(
  options: CbrOptions,
  vaultOf: VaultOf,
  log: ScanLog,
): Pick<ListingOptions<BackupReading>, 'fetchPage' | 'keyOf'> {
  const collection = {
    ...collectionOf(accessTo(options), 'backups'),
    patterns: new Patterns(BACKUP_PROJECTION, 'id'),
  }
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
