import { Fault, type Mistake } from '../../lib/errors.ts'
import {
  type BackupList,
  CBR_BACKUPS,
  DCS_BACKUPS,
  requireInstanceId,
} from '../../lib/runtime/backup-pages.ts'
import { type Config, gatherConfig } from '../../lib/runtime/config.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import type { QueryPair } from '../../lib/runtime/http-event.ts'
import { requireEndpoints } from '../../lib/runtime/missing-endpoints.ts'
import { readQuery } from '../../lib/runtime/query.ts'
import { flagNamed, toFlagMistake } from '../flag-of-pointer.ts'
import { describeFlags, type Flags, type FlagValues, readFlags } from '../flags.ts'

import { flagsOfTable } from './flags-of-table.ts'

const FORMATS = ['table', 'json', 'ndjson', 'csv'] as const
export type BackupsFormat = (typeof FORMATS)[number]

const CBR_FLAGS = flagsOfTable(CBR_BACKUPS.table)
const DCS_FLAGS = flagsOfTable(DCS_BACKUPS.table)

const INSTANCE_FLAG = {
  'instance-id': {
    takes: 'value',
    value: 'ID',
    says: 'List the backup records of this DCS instance instead of the backups of CBR. Example: 5560df16-cebf-4473-95c4-d1b573c16e79.',
  },
} as const satisfies Flags

const OWN_FLAGS = {
  target: {
    takes: 'values',
    value: 'REGION[:PROJECT]',
    says: 'Where to look, such as cn-north-4 (every project of it) or cn-north-4:PROJECT_ID; may be repeated; replaces AUDIT_TARGETS.',
  },
  all: { takes: 'nothing', says: 'Every page, not only the first. Example: --all.' },
  format: {
    takes: 'value',
    value: FORMATS.join('|'),
    says: "A table for people (the default), Huawei's JSON, one JSON row per line, or CSV. Example: csv.",
  },
  help: { takes: 'nothing', says: 'This text.' },
} as const satisfies Flags

export const BACKUPS_HELP = `Usage: npm run backups -- [flags]

Lists backups: those of CBR, or with --instance-id those of a DCS instance.
Without credentials it lists those of the built-in emulator.

${describeFlags(OWN_FLAGS)}

CBR
${describeFlags(CBR_FLAGS)}

DCS
${describeFlags({ ...INSTANCE_FLAG, ...DCS_FLAGS })}

Examples
  npm run backups
  npm run backups -- --status error --status available --sort created_at:asc
  npm run --silent backups -- --all --format csv > backups.csv
  npm run backups -- --instance-id ID --begin-time 2026-11-01T00:00:00Z
  npm run --silent backups -- --all --format ndjson | jq -r .resource_name

--all pages by position: where backups come and go meanwhile it may miss some.
An audit does not. Exit codes: 0 done, 1 failed, 2 wrong flags or configuration.
`

/** What a command line and an environment ask of a list. */
export interface BackupsWish {
  readonly config: Config
  readonly list: BackupList
  /** The path and the query of each call, but for the target. */
  readonly path: string
  readonly query: readonly QueryPair[]
  readonly all: boolean
  readonly format: BackupsFormat
}

/** Reads flags and environment together and names all mistakes of both in one Fault; undefined where help is asked for. */
export function readBackupsWish(argv: readonly string[], environment: Environment): BackupsWish | undefined {
  const { values, mistakes: flagMistakes } = readFlags(
    argv,
    { ...CBR_FLAGS, ...DCS_FLAGS, ...INSTANCE_FLAG, ...OWN_FLAGS },
    environment,
  )
  if (values.has('help')) return undefined
  const mistakes: Mistake[] = [...flagMistakes]
  const instanceId = values.one('instance-id')
  const list = instanceId === undefined ? CBR_BACKUPS : DCS_BACKUPS
  refuseForeignFlags(values, list, mistakes)
  // The same checks as behind the door, before the door is opened, so that their mistakes stand beside all others.
  const found: Mistake[] = []
  requireInstanceId(instanceId, found)
  const wish = {
    list,
    path: instanceId === undefined ? '/backups' : `/instances/${instanceId}/backups`,
    query: readPairs(values, list, found),
    all: values.has('all'),
    format: readFormat(values, mistakes),
  }
  mistakes.push(...found.map(toFlagMistake))
  const config = gatherConfig(environment, { targets: values.all('target') }, mistakes)
  requireEndpoints(config, [list.service], mistakes)
  if (mistakes.length > 0) throw new Fault('invalid_configuration', 'Cannot list backups', { mistakes })
  return { config, ...wish }
}

function readPairs(values: FlagValues, { table }: BackupList, mistakes: Mistake[]): readonly QueryPair[] {
  const query = table.parameters.flatMap(({ name }) =>
    values.all(flagNamed(name)).map((value): QueryPair => [name, value]),
  )
  readQuery({ query }, table, mistakes)
  return query
}

function refuseForeignFlags(values: FlagValues, list: BackupList, mistakes: Mistake[]): void {
  const own = list === CBR_BACKUPS ? CBR_FLAGS : DCS_FLAGS
  const foreign = list === CBR_BACKUPS ? DCS_FLAGS : CBR_FLAGS
  const detail =
    list === CBR_BACKUPS
      ? 'is for DCS and needs --instance-id'
      : `is for CBR and does not go with --instance-id; that takes ${Object.keys(own)
          .map((name) => `--${name}`)
          .join(', ')}`
  for (const name of Object.keys(foreign))
    if (values.has(name) && !Object.hasOwn(own, name)) mistakes.push({ pointer: `--${name}`, detail })
}

function readFormat(values: FlagValues, mistakes: Mistake[]): BackupsFormat {
  const word = values.one('format') ?? 'table'
  const format = FORMATS.find((allowed) => allowed === word)
  if (format === undefined)
    mistakes.push({
      pointer: '--format',
      detail: `has ${JSON.stringify(word)}; allowed are ${FORMATS.join(', ')}`,
    })
  return format ?? 'table'
}
