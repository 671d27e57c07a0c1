import type { Observation, Target, Vault } from '../backup.ts'
import { Fault } from '../errors.ts'
import { collectionOf } from './cbr-collection.ts'
import {
  type ReplicatingVaults,
  readReplicatingVaults,
  replicatesAmong,
  UNKNOWN_REPLICATION,
} from './cbr-policy.ts'
import { keepOfVault, toHoldings, toVault } from './cbr-vault.ts'
import { asWire, text } from './fields.ts'
import { asItCame, listRows } from './list-rows.ts'
import type { Page } from './listing/listing.ts'
import { readPage } from './page.ts'
import type { ProjectAccess } from './project-access.ts'
import type { ScanLog } from './scanning.ts'

/** What is known of the vaults of a project before its backups are read. */
export interface Vaults {
  readonly replicating: ReplicatingVaults
  readonly listed: readonly Vault[]
}

/** Vaults with what they hold, as it came; taken out by `observeVaults`, for it is not needed again. */
export interface VaultsRead extends Vaults {
  readonly held: { readonly vault: Vault; readonly row: unknown }[]
}

/** Without the vaults the backups can still be judged: what is missing then makes the target incomplete. */
export async function readVaults(
  access: ProjectAccess,
  readsReplicationPolicies: boolean,
  log: ScanLog,
): Promise<VaultsRead> {
  const [replicating, { rows, outcome }] = await Promise.all([
    readsReplicationPolicies ? readReplication(access, log) : UNKNOWN_REPLICATION,
    listRows(collectionOf(access, 'vaults'), log, { idKey: 'id', looksAhead: true, keep: keepOfVault }),
  ])
  const replicates = replicatesAmong(replicating)
  log.doubt('The vaults', outcome)
  const held: VaultsRead['held'] = []
  for (const row of rows) {
    const { vault, malformed } = toVault(row, replicates)
    log.cannotJudge(malformed)
    if (vault !== undefined) held.push({ vault, row })
  }
  return { replicating, listed: held.map(({ vault }) => vault), held }
}

/** Tells of what vaults hold, one vault after the other: all their resources together are many. */
export function* observeVaults({ held }: VaultsRead, target: Target, log: ScanLog): Iterable<Observation[]> {
  for (const { vault, row } of held.splice(0)) {
    const { resources, malformed, blindSpot } = toHoldings(row, target, vault)
    log.cannotJudge(malformed)
    if (blindSpot !== undefined) yield [{ kind: 'blind-spot', target, id: vault.id, because: blindSpot }]
    if (resources.length > 0) yield resources.map((resource) => ({ kind: 'resource', resource }))
  }
}

async function readReplication(access: ProjectAccess, log: ScanLog): Promise<ReplicatingVaults> {
  const collection = collectionOf(access, 'policies')
  const filter = [['operation_type', 'replication']] as const
  try {
    // The documents know no paging here, but the answer tells a limit of 1000: further pages only where this one may not be all.
    const page = await readPage(collection, filter, log, asItCame)
    if (isWhole(page)) return readReplicatingVaults(page.rows, true)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    log.lose(error)
    return UNKNOWN_REPLICATION
  }
  const { rows, outcome } = await listRows(collection, log, { idKey: 'id', filter })
  log.doubt('The replication policies', outcome)
  return readReplicatingVaults(rows, outcome.incompleteBecause.length === 0)
}

/** Whether a page is all there is by its own word, and no slip: it neither holds nothing nor a policy twice, nor all that fits a page. */
function isWhole({ rows, count, limit = Number.POSITIVE_INFINITY }: Page<unknown>): boolean {
  const ids = new Set(rows.map((row) => text(asWire(row)?.['id'])))
  return rows.length > 0 && rows.length < limit && count === ids.size && count === rows.length
}
