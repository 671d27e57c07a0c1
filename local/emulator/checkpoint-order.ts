import { UUID } from './find-backup.ts'
import type { Wire } from './fleet.ts'
import { parseBody } from './json-body.ts'
import { REFUSE_PARAMETER } from './query.ts'
import { isWire } from './vault-usage.ts'
import { DOCUMENTED_TYPES } from './write-backup.ts'

/** What `POST /checkpoints` asks for, every default filled in. */
export interface CheckpointOrder {
  readonly vaultId: string
  readonly name: string
  readonly description: string
  readonly incremental: boolean
  readonly automatic: boolean
  /** Empty: everything in the vault. */
  readonly resourceIds: readonly string[]
}

/** Reads the body; whatever the documents forbid ends in 400 BackupService.9900. */
export function readCheckpointOrder(body: string): CheckpointOrder {
  const order = parseBody(body, () => refuse('the body must be a JSON object'))
  const checkpoint = object(order['checkpoint'], 'checkpoint')
  const parameters =
    checkpoint['parameters'] === undefined ? {} : object(checkpoint['parameters'], 'parameters')
  return {
    vaultId: uuid(checkpoint['vault_id'], 'vault_id'),
    name: readName(parameters['name']),
    description: text(parameters['description'] ?? '', 'description', 255),
    incremental: flag(parameters['incremental'] ?? true, 'incremental'),
    automatic: flag(parameters['auto_trigger'] ?? false, 'auto_trigger'),
    resourceIds: [
      ...list(parameters['resources'] ?? [], 'resources').map((id) => uuid(id, 'resources')),
      ...list(parameters['resource_details'] ?? [], 'resource_details').map(readDetail),
    ],
  }
}

const refuse = REFUSE_PARAMETER.cbr

function readDetail(detail: unknown): string {
  const { id, type, name, extra_info: extra } = object(detail, 'resource_details')
  if (!DOCUMENTED_TYPES.includes(String(type)))
    throw refuse(`resource_details.type must be one of ${DOCUMENTED_TYPES.join(', ')}`)
  text(name ?? '', 'resource_details.name', 255)
  if (extra !== undefined)
    for (const volume of list(object(extra, 'extra_info')['exclude_volumes'] ?? [], 'exclude_volumes'))
      uuid(volume, 'exclude_volumes')
  return uuid(id, 'resource_details.id')
}

/** The Chinese edition allows Chinese letters, the English one does not; accepted here. */
function readName(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string' && /^[\w\u4e00-\u9fff-]{1,64}$/.test(value)) return value
  throw refuse('name must be 1 to 64 letters, digits, underscores or hyphens')
}

function object(value: unknown, name: string): Wire {
  if (isWire(value)) return value
  throw refuse(`${name} must be an object`)
}

function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value) && value.length <= 256) return value
  throw refuse(`${name} must be an array of at most 256 items`)
}

function text(value: unknown, name: string, max: number): string {
  if (typeof value === 'string' && [...value].length <= max) return value
  throw refuse(`${name} must be a string of at most ${max} characters`)
}

function flag(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value
  throw refuse(`${name} must be a boolean`)
}

function uuid(value: unknown, name: string): string {
  if (typeof value === 'string' && UUID.test(value)) return value
  throw refuse(`${name} must be a uuid`)
}
