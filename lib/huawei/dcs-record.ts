import type { Backup, Resource, Target, Unknown } from '../backup.ts'
import {
  asWire,
  describeMalformed,
  hasNoReadable,
  nameOfRecord,
  optionalTime,
  quantity,
  requiredText,
  requiredTime,
  text,
  textOrNumber,
} from './fields.ts'
import { isPathId } from './path.ts'

/** How we name the kind of a DCS instance where CBR says `OS::Nova::Server`. */
export const DCS_RESOURCE_TYPE = 'DCS::Instance'

/** Instances that do not exist yet, or never will: nothing to protect. */
const UNBORN = new Set(['CREATING', 'CREATEFAILED'])

/** What one row of `GET /instances` turned out to be; `undefined` for an instance that is being created. */
export type InstanceReading = { readonly resource: Resource } | { readonly malformed: string } | undefined

/** Reads one row of `GET /instances`. */
export function toInstance(row: unknown, target: Target): InstanceReading {
  const wire = asWire(row)
  const id = text(wire?.['instance_id'])
  const name = nameOfRecord('instance', wire, 'instance_id')
  if (wire === undefined || !id) return { malformed: `${name} ${hasNoReadable(wire, ['instance_id'])}` }
  if (!isPathId(id)) return { malformed: `${name} has an instance_id that no address can hold` }
  if (UNBORN.has(text(wire['status']) ?? '')) return undefined
  const cacheMode = requiredText(wire['cache_mode'])
  return {
    resource: {
      service: target.service,
      region: target.region,
      projectId: target.projectId,
      id,
      name: text(wire['name']),
      type: DCS_RESOURCE_TYPE,
      vault: undefined,
      enterpriseProjectId: textOrNumber(wire['enterprise_project_id']),
      canBeBackedUp: cacheMode === 'unknown' ? 'unknown' : cacheMode !== 'single',
      held: true,
    },
  }
}

/** Reads one backup record of an instance, or says why it cannot be judged. */
export function toRecord(row: unknown, instance: Resource): Backup | string {
  const wire = asWire(row)
  const id = text(wire?.['backup_id'])
  const createdAt = requiredTime(wire?.['created_at'])
  const status = text(wire?.['status'])
  if (wire === undefined || !id || createdAt === 'unknown' || status === undefined) {
    return describeMalformed(
      'backup record',
      wire,
      'backup_id',
      ` of instance ${JSON.stringify(instance.id)}`,
    )
  }
  return {
    service: instance.service,
    region: instance.region,
    projectId: instance.projectId,
    id,
    parentId: undefined,
    name: text(wire['backup_name']),
    status,
    imageType: 'backup',
    createdAt,
    updatedAt: optionalTime(wire['updated_at']),
    expiredAt: undefined,
    resourceId: instance.id,
    resourceName: instance.name,
    resourceType: instance.type,
    vaultId: undefined,
    vault: undefined,
    enterpriseProjectId: instance.enterpriseProjectId,
    sizeBytes: quantity(wire['size']),
    incremental: undefined,
    replications: [],
    restorable: readRestorable(wire['is_support_restore']),
    errorCode: text(wire['error_code']) || undefined,
    children: [],
  }
}

/** Whether a record says itself that it is of another instance than the one it is listed under. */
export function isOfAnother(row: unknown, instance: Resource): boolean {
  return (text(asWire(row)?.['instance_id']) || instance.id) !== instance.id
}

/** Says of a record that it is listed where it does not belong. */
export function describeStray(row: unknown, instance: Resource): string {
  const name = nameOfRecord('backup record', asWire(row), 'backup_id')
  return `${name} is listed under instance ${JSON.stringify(instance.id)}, and belongs to another`
}

/** Not FALSE is enough: the field is text (`"TRUE"`), boolean, absent, or `{}` where the documents mean null. */
function readRestorable(value: unknown): boolean | Unknown {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value.toUpperCase() !== 'FALSE'
  if (value === null || value === undefined) return true
  const wire = asWire(value)
  return wire !== undefined && Object.keys(wire).length === 0 ? true : 'unknown'
}
