import { Fault, type Mistake } from '../../lib/errors.ts'
import { type Config, gatherConfig } from '../../lib/runtime/config.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { requireEndpoints } from '../../lib/runtime/missing-endpoints.ts'
import { placeMistakes } from '../../lib/runtime/place.ts'
import { parseDuration } from '../../lib/time.ts'
import { toFlagMistake } from '../flag-of-pointer.ts'
import { describeFlags, type Flags, type FlagValues, readFlags } from '../flags.ts'
import type { Call } from '../function-door.ts'

import { orderByFlags } from './checkpoint-order.ts'

const CHECKPOINT_FLAGS = {
  'vault-id': {
    takes: 'value',
    value: 'ID',
    says: 'The vault to back up; must be given. Example: 3b5816b5-f29c-4172-9d9a-76c719a659ce.',
  },
  name: {
    takes: 'value',
    value: 'NAME',
    says: 'Name of the backups: 1 to 64 letters, digits, "_", "-" or Chinese characters; one is made unless told. Example: before-upgrade.',
  },
  description: {
    takes: 'value',
    value: 'TEXT',
    says: 'At most 255 characters. Example: "Before the upgrade to 7.2".',
  },
  'resource-id': {
    takes: 'values',
    value: 'ID',
    says: 'Only this resource of the vault; may be repeated; all of them unless told. Example: 94eba8b2-acc9-4d82-badc-127144cc5526.',
  },
  resource: {
    takes: 'values',
    value: 'ID:TYPE[:NAME]',
    says: 'Likewise with its type, such as ID:OS::Nova::Server:erp-db-01; may be repeated.',
  },
  'exclude-volume': {
    takes: 'values',
    value: 'ID',
    says: 'A volume to leave out of every --resource that is a server; may be repeated. Example: 54f7ccbc-072f-4ec5-a7b7-b24dabdb4539.',
  },
  full: { takes: 'nothing', says: 'Full backups; incremental ones unless told. Example: --full.' },
  'auto-trigger': {
    takes: 'nothing',
    says: 'Mark the backups as made by a schedule. Example: --auto-trigger.',
  },
  'idempotency-key': {
    takes: 'value',
    value: 'KEY',
    says: 'The same key is the same checkpoint, however often it is asked for within 90 days; a new one is made unless told. Example: before-upgrade-7.',
  },
  target: {
    takes: 'value',
    value: 'REGION[:PROJECT]',
    says: 'Where the vault is, such as cn-north-4:PROJECT_ID; may be left out where AUDIT_TARGETS names only one.',
  },
  wait: { takes: 'nothing', says: 'Wait until the backups are available, or have failed. Example: --wait.' },
  timeout: { takes: 'value', value: 'TIME', says: 'How long to --wait, such as 90s or 2h; 60m unless told.' },
  format: {
    takes: 'value',
    value: 'text|json',
    says: 'Words for people (the default), or one JSON object. Example: json.',
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
/** The request says nothing of the target, for it is all that the configuration names. */
const ANY_PLACE = { region: undefined, projectId: undefined }

/** Reads flags and environment together and names all mistakes of both in one Fault; undefined where help is asked for. */
export function readCheckpointWish(
  argv: readonly string[],
  environment: Environment,
): CheckpointWish | undefined {
  const { values, mistakes: flagMistakes } = readFlags(argv, CHECKPOINT_FLAGS, environment)
  if (values.has('help')) return undefined
  const mistakes: Mistake[] = [...flagMistakes]
  const call = orderByFlags(values, mistakes)
  const wish = {
    vaultId: values.one('vault-id') ?? '',
    call,
    format: readFormat(values, mistakes),
    waitMs: readWait(values, mistakes),
  }
  const config = gatherConfig(environment, { targets: values.all('target') }, mistakes)
  requireEndpoints(config, ['cbr'], mistakes)
  mistakes.push(...placeMistakes(config.places, ANY_PLACE).map(toFlagMistake))
  if (mistakes.length > 0) throw new Fault('invalid_configuration', 'Cannot start a checkpoint', { mistakes })
  return { config, ...wish }
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
