import { expectAudit } from './expect.ts'
import type { ControlId, ExpectedAudit } from './expected.ts'
import type { OracleFleet, OracleProject, WireObject } from './wire.ts'

/** The moment of every tiny fleet. */
export const AS_OF = '2025-06-01T12:00:00Z'

/** A usable, replicated CBR backup of resource r1, four hours old; absent keys are given as undefined. */
export function backup(id: string, fields: WireObject = {}): WireObject {
  return drop({
    id,
    name: `name of ${id}`,
    status: 'available',
    image_type: 'backup',
    created_at: '2025-06-01T08:00:00.000000',
    updated_at: '2025-06-01T08:10:00.000000',
    expired_at: null,
    resource_id: 'r1',
    resource_name: 'server one',
    resource_type: 'OS::Nova::Server',
    resource_size: 50,
    incremental: true,
    vault_id: 'v1',
    parent_id: null,
    children: [],
    replication_records: [{ id: 'x', status: 'success', created_at: '2025-06-01T09:00:00.000000' }],
    ...fields,
  })
}

/** A usable DCS record, four hours old. */
export function record(id: string, fields: WireObject = {}): WireObject {
  return drop({
    backup_id: id,
    instance_id: 'i1',
    backup_name: `name of ${id}`,
    status: 'succeed',
    size: 880232,
    is_support_restore: 'TRUE',
    error_code: {},
    created_at: '2025-06-01T08:00:00.000Z',
    updated_at: '2025-06-01T08:10:00.000Z',
    ...fields,
  })
}

/** A running DCS instance. */
export function instance(id: string, fields: WireObject = {}): WireObject {
  return drop({
    instance_id: id,
    name: `name of ${id}`,
    status: 'RUNNING',
    cache_mode: 'ha',
    enterprise_project_id: 0,
    ...fields,
  })
}

/** A vault that holds resources. */
export function vault(id: string, resources: readonly WireObject[], fields: WireObject = {}): WireObject {
  return drop({ id, name: `name of ${id}`, enterprise_project_id: '0', resources, ...fields })
}

/** A vault's entry of a resource. */
export function entry(id: string, fields: WireObject = {}): WireObject {
  return drop({
    id,
    name: `entry of ${id}`,
    type: 'OS::Nova::Server',
    protect_status: 'available',
    ...fields,
  })
}

/** One project, p1 in cn-north-4 where nothing else is said. */
export function project(fields: Partial<OracleProject>): OracleProject {
  return {
    id: 'p1',
    name: 'cn-north-4',
    region: 'cn-north-4',
    enabled: true,
    vaults: [],
    policies: [],
    backups: [],
    instances: [],
    records: {},
    ...fields,
  }
}

/** A fleet of these projects. */
export function fleetOf(projects: OracleProject[], policy?: WireObject, asOf: string = AS_OF): OracleFleet {
  return { asOf, fleet: { projects }, policy }
}

/** The audit of a fleet, with its findings and unknowns in a form that fits on a line. */
export function audit(
  projects: OracleProject[],
  policy?: WireObject,
): ExpectedAudit & { readonly found: string[]; readonly open: Partial<Record<ControlId, number>> } {
  const expected = expectAudit(fleetOf(projects, policy))
  const open = Object.fromEntries(Object.entries(expected.unknown).filter(([, count]) => count > 0))
  const found = expected.findings.map(({ control, backup_id, resource_id }) => {
    return `${control} ${control === 'recovery-point-missing' ? resource_id : backup_id}`
  })
  return { ...expected, found, open }
}

/** The audit of CBR backups of one project without vaults. */
export function auditBackups(backups: WireObject[], policy?: WireObject): ReturnType<typeof audit> {
  return audit([project({ backups })], policy)
}

/** The audit of one DCS instance and its records. */
export function auditRecords(records: WireObject[], fields: WireObject = {}): ReturnType<typeof audit> {
  return audit([project({ instances: [instance('i1', fields)], records: { i1: records } })])
}

function drop(object: WireObject): WireObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
