import { Fault, type Mistake } from '../../lib/errors.ts'
import { readCheckpointRequest } from '../../lib/runtime/checkpoint-request.ts'
import { type Config, type Environment, readConfig } from '../../lib/runtime/config.ts'
import { readHttpEvent } from '../../lib/runtime/http-event.ts'
import { world } from '../../lib/runtime/services.ts'
import { parseDuration } from '../../lib/time.ts'
import { toFlagMistake } from '../flag-of-pointer.ts'
import { describeFlags, type Flags, type FlagValues, readFlags } from '../flags.ts'
import { type Call, toEvent } from '../function-door.ts'

const CHECKPOINT_FLAGS = {
  'vault-id': { takes: 'value', value: 'ID', says: 'The vault to back up; must be given.' },
  name: {
    takes: 'value',
    value: 'NAME',
    says: 'Name of the backups: 1 to 64 letters, digits, "_", "-" or Chinese characters; one is made unless told.',
  },
  description: { takes: 'value', value: 'TEXT', says: 'At most 255 characters.' },
  'resource-id': {
    takes: 'values',
    value: 'ID',
    says: 'Only this resource of the vault; may be repeated; all of them unless told.',
  },
  resource: {
    takes: 'values',
    value: 'ID:TYPE[:NAME]',
    says: 'Likewise with its type, such as ID:OS::Nova::Server:erp-db-01; may be repeated.',
  },
  'exclude-volume': {
    takes: 'values',
    value: 'ID',
    says: 'A volume to leave out of every --resource that is a server; may be repeated.',
  },
  full: { takes: 'nothing', says: 'Full backups; incremental ones unless told.' },
  'auto-trigger': { takes: 'nothing', says: 'Mark the backups as made by a schedule.' },
  'idempotency-key': {
    takes: 'value',
    value: 'KEY',
    says: 'The same key is the same checkpoint, however often it is asked for within 90 days; a new one is made unless told.',
  },
  target: {
    takes: 'value',
    value: 'REGION[:PROJECT]',
    says: 'Where the vault is, such as cn-north-4:PROJECT_ID; may be left out where AUDIT_TARGETS names only one.',
  },
  wait: { takes: 'nothing', says: 'Wait until the backups are available, or have failed.' },
  timeout: { takes: 'value', value: 'TIME', says: 'How long to --wait, such as 90s or 2h; 60m unless told.' },
  format: {
    takes: 'value',
    value: 'text|json',
    says: 'Words for people (the default), or one JSON object.',
  },
  help: { takes: 'nothing', says: 'This text.' },
} as const satisfies Flags

export const CHECKPOINT_HELP = `Usage: npm run checkpoint -- --vault-id ID [flags]

Backs up a vault now: exactly once for each key, whatever breaks on the way.
Without credentials it goes to the built-in emulator, and to nothing else.

${describeFlags(CHECKPOINT_FLAGS)}

Examples
  npm run checkpoint -- --vault-id 3b5816b5-f29c-4172-9d9a-76c719a659ce --wait
  npm run checkpoint -- --vault-id ID --resource ID:OS::Nova::Server:erp-db-01
  npm run --silent checkpoint -- --vault-id ID --format json | jq -r .operation

Exit codes: 0 started (with --wait: available), 1 failed, 2 wrong flags or
configuration, 4 the outcome is not known, 5 some resources were skipped.
`

/** What a command line and an environment ask for. */
export interface CheckpointWish {
  readonly config: Config
  readonly vaultId: string
  /** The request, but for its target. */
  readonly call: Call
  readonly format: 'text' | 'json'
  /** How long to wait for the end; undefined where nobody waits. */
  readonly waitMs: number | undefined
}

const DEFAULT_WAIT = '60m'

/** Reads flags and environment together and names all mistakes of both in one Fault; undefined where help is asked for. */
export function readCheckpointWish(
  argv: readonly string[],
  environment: Environment,
): CheckpointWish | undefined {
  const { values, mistakes: flagMistakes } = readFlags(argv, CHECKPOINT_FLAGS)
  if (values.has('help')) return undefined
  const mistakes: Mistake[] = [...flagMistakes]
  const call = toCall(values, mistakes)
  mistakes.push(...mistakesIn(call).filter(({ pointer }) => !isNamed(mistakes, pointer)))
  const wish = {
    vaultId: values.one('vault-id') ?? '',
    call,
    format: readFormat(values, mistakes),
    waitMs: readWait(values, mistakes),
  }
  const config = readConfigInto(mistakes, environment, values)
  if (config === undefined || mistakes.length > 0)
    throw new Fault('invalid_configuration', 'Cannot start a checkpoint', { mistakes })
  return { config, ...wish }
}

/** A flag whose value could not even be read is named once. */
function isNamed(mistakes: readonly Mistake[], pointer: string): boolean {
  return mistakes.some((known) => known.pointer === pointer)
}

function toCall(values: FlagValues, mistakes: Mistake[]): Call {
  const key = values.one('idempotency-key')
  const headers = {
    'content-type': 'application/json',
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  }
  const body = JSON.stringify({
    checkpoint: { vault_id: values.one('vault-id'), parameters: toParameters(values, mistakes) },
  })
  return { method: 'POST', path: '/checkpoints', query: [], headers, body }
}

/** JSON leaves out what is undefined. */
function toParameters(
  values: FlagValues,
  mistakes: Mistake[],
): Readonly<Record<string, unknown>> | undefined {
  const parameters = {
    auto_trigger: values.has('auto-trigger') || undefined,
    description: values.one('description'),
    incremental: values.has('full') ? false : undefined,
    name: values.one('name'),
    resources: listed(values.all('resource-id')),
    resource_details: listed(toDetails(values, mistakes)),
  }
  return Object.values(parameters).every((value) => value === undefined) ? undefined : parameters
}

function listed<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items
}

const RESOURCE = /^([^:]+):([^:]+::[^:]+::[^:]+)(?::([\s\S]*))?$/
/** Nova, Ironic and Native alike. */
const SERVER = /Server$/

function toDetails(values: FlagValues, mistakes: Mistake[]) {
  const excluded = values.all('exclude-volume')
  const details = values.all('resource').flatMap((text) => {
    const [, id, type = '', name] = RESOURCE.exec(text) ?? []
    if (id === undefined) {
      const detail = `has ${JSON.stringify(text)}; write ID:TYPE or ID:TYPE:NAME, such as 94eba8b2-acc9-4d82-badc-127144cc5526:OS::Nova::Server:erp-db-01`
      mistakes.push({ pointer: '--resource', detail })
      return []
    }
    const excludes = excluded.length > 0 && SERVER.test(type)
    return [{ id, type, name, extra_info: excludes ? { exclude_volumes: excluded } : undefined }]
  })
  if (excluded.length > 0 && !details.some(({ extra_info }) => extra_info !== undefined))
    mistakes.push({ pointer: '--exclude-volume', detail: 'needs a --resource that is a server' })
  return details
}

/** The same check as behind the door, before the door is opened, so that its mistakes stand beside all others. */
function mistakesIn(call: Call): readonly Mistake[] {
  const found: Mistake[] = []
  const event = readHttpEvent(toEvent(call))
  const request = { ...event, params: {}, signal: AbortSignal.abort(), note: () => {}, promise: () => {} }
  readCheckpointRequest(request, world, found)
  return found.map(toFlagMistake)
}

function readFormat(values: FlagValues, mistakes: Mistake[]): 'text' | 'json' {
  const word = values.one('format') ?? 'text'
  if (word === 'text' || word === 'json') return word
  mistakes.push({ pointer: '--format', detail: `has ${JSON.stringify(word)}; allowed are text, json` })
  return 'text'
}

function readWait(values: FlagValues, mistakes: Mistake[]): number | undefined {
  const text = values.one('timeout')
  if (text !== undefined && !values.has('wait'))
    mistakes.push({ pointer: '--timeout', detail: 'is how long to wait, and needs --wait' })
  const duration = parseDuration(text ?? DEFAULT_WAIT)
  if (duration === undefined)
    mistakes.push({
      pointer: '--timeout',
      detail: `has ${JSON.stringify(text)}; write a time such as 90s, 30m or 2h`,
    })
  return values.has('wait') && duration !== undefined ? duration / 1000 : undefined
}

function readConfigInto(
  mistakes: Mistake[],
  environment: Environment,
  values: FlagValues,
): Config | undefined {
  try {
    return readConfig(environment, { targets: values.all('target') })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    mistakes.push(...error.mistakes)
    return undefined
  }
}
