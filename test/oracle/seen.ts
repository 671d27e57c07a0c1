import { type Micros, readMicros } from './micros.ts'
import { isObject, type OracleFleet, type OracleProject, type WireObject } from './wire.ts'

/** A backup, a child or a DCS record that can be told apart, dated and read, inside the audit. */
export interface Seen {
  readonly service: 'cbr' | 'dcs'
  readonly region: string
  readonly project_id: string
  readonly enterprise_project_id: string | null
  readonly vault_id: string | null
  readonly vault_name: string | null
  readonly resource_id: string | null
  readonly resource_name: string | null
  readonly resource_type: string | null
  readonly parent_backup_id: string | null
  readonly id: string
  readonly createdAt: Micros
  readonly status: string
  readonly wire: WireObject
}

/** A resource entry of a vault. */
export interface Held {
  readonly project: OracleProject
  readonly vault: WireObject
  readonly vaultId: string
  readonly resourceId: string
  readonly entry: WireObject
  /** False where its `protect_status` says that it has left the vault. */
  readonly held: boolean
}

/** A DCS instance that is a resource. */
export interface Instance {
  readonly project: OracleProject
  readonly id: string
  readonly wire: WireObject
}

/** Everything an audit may look at. */
export interface Sight {
  readonly backups: readonly Seen[]
  readonly children: readonly Seen[]
  readonly held: readonly Held[]
  readonly instances: readonly Instance[]
  readonly malformed: number
}

/** A wire value as text, with U+FFFD for what is half a character; null where it is none. */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? value.toWellFormed() : null
}

/** An enterprise project id as text, which Huawei writes as a string or as the number 0. */
export function enterprise(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : text(value)
}

/** Looks at a fleet as of a moment. */
export function look({ fleet }: OracleFleet, asOf: Micros): Sight {
  const backups: Seen[] = []
  const children: Seen[] = []
  let malformed = 0

  const take = (into: Seen[], seen: Seen | undefined): void => {
    if (seen === undefined) malformed += 1
    else if (seen.createdAt <= asOf) into.push(seen)
  }
  for (const project of fleet.projects) {
    for (const wire of project.backups) {
      const seen = seeCbr(project, wire, text(wire.parent_id))
      take(backups, seen)
      if (seen === undefined || seen.createdAt > asOf) continue
      for (const child of Array.isArray(wire.children) ? wire.children : []) {
        const listedAtTop = project.backups.some(
          (top) => isObject(child) && isJudgedAs(project, top, child.id, asOf),
        )
        if (!listedAtTop) take(children, isObject(child) ? seeCbr(project, child, seen.id) : undefined)
      }
    }
    for (const instance of instancesOf(project)) {
      for (const wire of project.records[instance.id] ?? []) take(backups, seeDcs(instance, wire))
    }
  }
  return {
    backups,
    children: children.filter((child) => !children.some((other) => isSameWithLowerParent(other, child))),
    held: fleet.projects.flatMap(holdingsOf),
    instances: fleet.projects.flatMap(instancesOf),
    malformed,
  }
}

/** Whether a top-level row is a backup of that id inside the audit: then it is judged there, and there alone. */
function isJudgedAs(project: OracleProject, top: WireObject, id: unknown, asOf: Micros): boolean {
  if (!isId(id) || top.id !== id) return false
  const seen = seeCbr(project, top, null)
  return seen !== undefined && seen.createdAt <= asOf
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isSameWithLowerParent(other: Seen, child: Seen): boolean {
  return (
    other.id === child.id &&
    other.region === child.region &&
    other.project_id === child.project_id &&
    other.status === child.status &&
    (other.parent_backup_id ?? '') < (child.parent_backup_id ?? '')
  )
}

function seeCbr(project: OracleProject, wire: WireObject, parent: string | null): Seen | undefined {
  const createdAt = readMicros(wire.created_at)
  if (!isId(wire.id) || createdAt === undefined || typeof wire.status !== 'string') return undefined
  const vaultId = text(wire.vault_id)
  const vault = project.vaults.find((one) => vaultId !== null && one.id === vaultId)
  return {
    service: 'cbr',
    region: project.region,
    project_id: project.id,
    enterprise_project_id: enterprise(wire.enterprise_project_id) ?? enterprise(vault?.enterprise_project_id),
    vault_id: vaultId,
    vault_name: text(vault?.name),
    resource_id: text(wire.resource_id),
    resource_name: text(wire.resource_name),
    resource_type: text(wire.resource_type),
    parent_backup_id: parent,
    id: wire.id,
    createdAt,
    status: wire.status,
    wire,
  }
}

function seeDcs(instance: Instance, wire: WireObject): Seen | undefined {
  const createdAt = readMicros(wire.created_at)
  if (!isId(wire.backup_id) || createdAt === undefined || typeof wire.status !== 'string') return undefined
  return {
    service: 'dcs',
    region: instance.project.region,
    project_id: instance.project.id,
    enterprise_project_id: enterprise(instance.wire.enterprise_project_id),
    vault_id: null,
    vault_name: null,
    resource_id: instance.id,
    resource_name: text(instance.wire.name),
    resource_type: 'DCS::Instance',
    parent_backup_id: null,
    id: wire.backup_id,
    createdAt,
    status: wire.status,
    wire,
  }
}

function instancesOf(project: OracleProject): Instance[] {
  return project.instances.flatMap((wire) =>
    isId(wire.instance_id) && wire.status !== 'CREATING' && wire.status !== 'CREATEFAILED'
      ? [{ project, id: wire.instance_id, wire }]
      : [],
  )
}

function holdingsOf(project: OracleProject): Held[] {
  return project.vaults.flatMap((vault) =>
    (Array.isArray(vault.resources) ? vault.resources : []).filter(isObject).flatMap((entry) => {
      if (!isId(vault.id) || !isId(entry.id)) return []
      const held = entry.protect_status !== 'deleted' && entry.protect_status !== 'removing'
      return [{ project, vault, vaultId: vault.id, resourceId: entry.id, entry, held }]
    }),
  )
}
