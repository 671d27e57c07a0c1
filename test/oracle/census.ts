import { HOUR, type Micros, readMicros } from './micros.ts'
import { isObject, type OracleFleet, type OracleProject, type WireObject } from './wire.ts'

/** Counts which edge cases a fleet holds, by looking at its wire objects alone. */
export function takeCensus({ asOf, fleet, policy }: OracleFleet, census: Map<string, number>): void {
  const count = (label: string): void => {
    census.set(label, (census.get(label) ?? 0) + 1)
  }
  const moment = readMicros(asOf) ?? 0n
  for (const project of fleet.projects) {
    for (const label of project.backups.flatMap((one) => labelsOf(one, 'cbr'))) count(label)
    for (const label of Object.values(project.records)
      .flat()
      .flatMap((one) => labelsOf(one, 'dcs')))
      count(label)
    for (const label of edgesOf(project, moment, policy)) count(label)
    for (const label of familyOf(project, moment)) count(label)
    for (const { cache_mode, status } of project.instances) {
      count(`dcs cache_mode ${show(cache_mode)}`)
      count(`dcs instance ${show(status)}`)
    }
    for (const vault of project.vaults) {
      count(`vault enterprise_project_id ${kind(vault.enterprise_project_id)}`)
      for (const entry of list(vault.resources)) count(`vault protect_status ${show(entry.protect_status)}`)
    }
  }
  for (const label of homesOf(fleet.projects)) count(label)
}

function list(value: unknown): WireObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'absent'
}

function kind(value: unknown): string {
  if (value === undefined) return 'absent'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const SHOWN = ['status', 'image_type', 'is_support_restore'] as const
const KINDS = [
  'expired_at',
  'updated_at',
  'replication_records',
  'enterprise_project_id',
  'resource_size',
  'resource_id',
  'vault_id',
  'incremental',
  'children',
  'error_code',
  'size',
  'instance_id',
  'id',
  'backup_id',
  'created_at',
] as const

function labelsOf(backup: WireObject, service: 'cbr' | 'dcs'): string[] {
  const nested = isObject(backup.extend_info) ? backup.extend_info.incremental : undefined
  const stamp = String(backup.created_at)
  return [
    ...SHOWN.map((key) => `${service} ${key} ${show(backup[key])}`),
    ...KINDS.map((key) => `${service} ${key} ${kind(backup[key])}`),
    `${service} created_at like ${stamp
      .replace(/T\d\d:\d\d:\d\d/, 'T')
      .replace(/\d/g, '9')
      .slice(10)}`,
    ...(typeof backup.incremental !== 'boolean' && typeof nested === 'boolean'
      ? ['cbr incremental in extend_info']
      : []),
    ...(/[^\x20-\x7e]/.test(String(backup.name)) ? ['cbr name beyond ASCII'] : []),
    ...(/^[=+@-]/.test(String(backup.name)) ? ['cbr name that a spreadsheet would run'] : []),
    ...list(backup.replication_records).flatMap(labelsOfRecord),
  ]
}

function labelsOfRecord(record: WireObject): string[] {
  const extra = record.extra_info
  return [
    `replication status ${show(record.status)}`,
    `replication extra_info ${kind(extra)}`,
    ...(isObject(extra) && 'destinatio_vault_id' in extra ? ['replication destinatio_vault_id'] : []),
  ]
}

/** Which fields lie at an edge, a microsecond before or a microsecond after it. */
function edgesOf(project: OracleProject, moment: Micros, policy: WireObject | undefined): string[] {
  const back = (section: string, key: string, otherwise: bigint): Micros => {
    const found = isObject(policy?.[section]) ? policy[section][key] : undefined
    return moment - HOUR * (typeof found === 'string' ? BigInt(found.slice(0, -1)) : otherwise)
  }
  const edges = [
    ['created_at', 'as_of', moment],
    ['created_at', 'replication.grace', back('replication', 'grace', 24n)],
    ['created_at', 'recovery_point.max_age', back('recovery_point', 'max_age', 26n)],
    ['updated_at', 'stuck.after', back('stuck', 'after', 6n)],
    ['expired_at', 'as_of', moment],
    ['expired_at', 'expired.grace', back('expired', 'grace', 0n)],
  ] as const
  const services = [
    ['cbr', project.backups],
    ['dcs', Object.values(project.records).flat()],
  ] as const
  return services.flatMap(([service, backups]) =>
    backups.flatMap((backup) =>
      edges.flatMap(([field, name, edge]) => {
        const away = (readMicros(backup[field]) ?? -1n) - edge
        return away >= -1n && away <= 1n ? [`${service} ${field} at ${name} ${away}`] : []
      }),
    ),
  )
}

function familyOf({ backups }: OracleProject, moment: Micros): string[] {
  const top = backups.map((backup) => backup.id)
  const children = backups.flatMap((backup) => list(backup.children))
  const created = backups.map((backup) => `${backup.resource_id} ${readMicros(backup.created_at)}`)
  return [
    ...children.map((child) => `child status ${show(child.status)}`),
    ...children.filter((child) => top.includes(child.id)).map(() => 'child also at the top level'),
    ...children.filter((child) => list(child.children).length > 0).map(() => 'child of a child'),
    ...children
      .filter((child) => (readMicros(child.created_at) ?? 0n) > moment)
      .map(() => 'child after as_of'),
    ...children
      .filter(({ id }) => !top.includes(id))
      .filter(
        ({ id }) => backups.filter((parent) => list(parent.children).some((one) => one.id === id)).length > 1,
      )
      .map(() => 'child under two parents'),
    ...created
      .filter((one, index) => created.indexOf(one) < index)
      .map(() => 'backups of one resource equally new'),
  ]
}

function homesOf(projects: readonly OracleProject[]): string[] {
  const entries = projects.flatMap((project) => project.vaults.flatMap((vault) => list(vault.resources)))
  const held = entries.map((entry) => entry.id)
  const backups = projects.flatMap((project) => project.backups.map((backup) => ({ project, backup })))
  const isDeparted = ({ protect_status }: WireObject) =>
    protect_status === 'deleted' || protect_status === 'removing'
  return [
    ...entries
      .filter((entry, index) => held.indexOf(entry.id) < index)
      .map(() => 'resource in several vaults'),
    ...backups
      .filter(({ backup }) => !held.includes(backup.resource_id))
      .map(() => 'resource known from backups alone'),
    ...backups
      .filter(({ backup }) => backup.image_type === 'replication')
      .filter(({ project, backup }) =>
        backups.some((other) => other.project !== project && other.backup.resource_id === backup.resource_id),
      )
      .map(() => 'copy in a second target'),
    ...entries
      .filter(isDeparted)
      .map((entry) => backups.some(({ backup }) => backup.resource_id === entry.id))
      .map((known) => (known ? 'departed resource with backups' : 'departed resource without backups')),
  ]
}
