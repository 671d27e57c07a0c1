import type { ProjectCall } from './action.ts'
import { isShared, type Row } from './backup-table.ts'
import { REFUSE_PARAMETER } from './query.ts'
import { type Criteria, type Ordering, SORT_KEYS } from './select-backups.ts'
import { usedPercent } from './vault-usage.ts'
import { DOCUMENTED_TYPES } from './write-backup.ts'

const EQUAL = [
  'checkpoint_id',
  'parent_id',
  'resource_id',
  'resource_name',
  'resource_az',
  'vault_id',
  'name',
] as const

const STATUSES = [
  'available',
  'protecting',
  'deleting',
  'restoring',
  'error',
  'waiting_protect',
  'waiting_delete',
  'waiting_restore',
]
// The documents disagree on the spelling, so both are taken.
const MEMBER_STATUSES = ['pending', 'accept', 'accepted', 'reject', 'rejected']

type Filter = (row: Row) => boolean

/** Reads every filter and the order of `GET /backups`; refuses what the documents do not allow. */
export function readBackupCriteria(call: ProjectCall): Criteria {
  const { query, quirks } = call
  const honoured = (name: string, filter: Filter | undefined) =>
    filter === undefined || quirks.ignoresFilter(name) ? [] : [filter]
  const fromUs = query.time('start_time')
  const toUs = query.time('end_time')
  const imageType = query.choice('image_type', ['backup', 'replication'])
  const resourceType = query.choice('resource_type', DOCUMENTED_TYPES)
  const statuses = query.choices('status', STATUSES)
  const incremental = query.flag('incremental')
  // Outside dedicated clouds `dec` is said to have no effect, `all_tenants` is for administrators.
  query.flag('dec')
  query.flag('all_tenants')
  const order = readOrder(query.text('sort'))
  return {
    fromUs: quirks.ignoresFilter('start_time') ? undefined : fromUs,
    toUs: quirks.ignoresFilter('end_time') ? undefined : toUs,
    filters: [
      ...EQUAL.flatMap((name) => honoured(name, isEqual(name, query.text(name)))),
      ...honoured('image_type', isEqual('image_type', imageType)),
      ...honoured('resource_type', isEqual('resource_type', resourceType)),
      ...honoured(
        'status',
        statuses.length === 0 ? undefined : ({ wire }) => statuses.includes(String(wire.status)),
      ),
      ...honoured(
        'incremental',
        incremental === undefined ? undefined : ({ wire }) => wire['incremental'] === incremental,
      ),
      ...honoured('enterprise_project_id', inEnterpriseProject(call)),
      ...honoured('used_percent', inVaultUsedAtLeast(call)),
      ...honoured('own_type', ownedAs(call)),
      ...(quirks.invisibleUs === 0 ? [] : [olderThan(call.nowUs - quirks.invisibleUs)]),
    ],
    order: quirks.ignoresSort ? readOrder(undefined) : order,
    shuffle: quirks.unstableTies ? call.state.dice : undefined,
  }
}

function isEqual(name: string, wanted: string | undefined): Filter | undefined {
  return wanted === undefined ? undefined : ({ wire }) => wire[name] === wanted
}

function olderThan(us: number): Filter {
  return (row) => row.us < us
}

/** Backups on the wire lack the enterprise project; it is their vault's. */
function inEnterpriseProject({ query, project }: ProjectCall): Filter | undefined {
  const wanted = query.text('enterprise_project_id')
  if (wanted === undefined || wanted === 'all_granted_eps') return undefined
  const byVault = new Map(project.vaults.map((vault) => [vault.id, vault['enterprise_project_id']]))
  return ({ wire }) => String(wire['enterprise_project_id'] ?? byVault.get(wire.vault_id) ?? '0') === wanted
}

function inVaultUsedAtLeast({ query, project }: ProjectCall): Filter | undefined {
  const percent = query.integer('used_percent', { min: 1, max: 100 })
  if (percent === undefined) return undefined
  const full = new Set(
    project.vaults.filter((vault) => usedPercent(vault) >= percent).map((vault) => vault.id),
  )
  return ({ wire }) => full.has(wire.vault_id)
}

/** The default, `private`, hides what others share; where nothing is shared it costs nothing. */
function ownedAs({ query, project }: ProjectCall): Filter | undefined {
  const ownType = query.choice('own_type', ['private', 'shared', 'all_granted']) ?? 'private'
  const memberStatus = query.choice('member_status', MEMBER_STATUSES)
  if (ownType === 'all_granted') return undefined
  if (ownType === 'shared')
    return ({ wire }) => isShared(wire) && (memberStatus ?? wire['member_status']) === wire['member_status']
  return project.backups.holdsShared() ? ({ wire }) => !isShared(wire) : undefined
}

function readOrder(sort: string | undefined): readonly Ordering[] {
  if (sort === undefined) return [{ key: 'created_at', descending: true }]
  return sort.split(',').map((part) => {
    const [name = '', direction = 'desc', ...rest] = part.split(':')
    const key = SORT_KEYS.find((known) => known === name)
    if (key === undefined || rest.length > 0 || !['asc', 'desc'].includes(direction))
      throw REFUSE_PARAMETER.cbr(
        `sort takes ${SORT_KEYS.join(', ')}, each with :asc or :desc, but is ${JSON.stringify(sort)}`,
      )
    return { key, descending: direction === 'desc' }
  })
}
