import type { BackupList } from '../../lib/runtime/backup-pages.ts'
import { flagNamed } from '../flag-of-pointer.ts'
import type { Flag, Flags } from '../flags.ts'

type Table = BackupList['table']
type Parameter = Table['parameters'][number]

/** A flag for each parameter of a call, with what it means, what it may hold and an example. */
export function flagsOfTable({ parameters }: Table): Flags {
  return Object.fromEntries(parameters.map((parameter) => [flagNamed(parameter.name), toFlag(parameter)]))
}

function toFlag({ name, kind, repeats, description, example }: Parameter): Flag {
  return {
    takes: repeats === undefined ? 'value' : 'values',
    value: placeholderOf(name, kind),
    says: `${description}${limitsOf(kind)}. Example: ${example}.`,
  }
}

function placeholderOf(name: string, { jsonSchema }: Parameter['kind']): string {
  if (jsonSchema['type'] === 'boolean') return 'true|false'
  if (jsonSchema['type'] === 'integer') return 'N'
  return (name.split('_').at(-1) ?? name).toUpperCase()
}

/** That a text has 1 to 255 characters, and a switch two values, helps nobody. */
function limitsOf({ allowed, jsonSchema }: Parameter['kind']): string {
  const isPlain = jsonSchema['type'] === 'boolean' || jsonSchema['minLength'] !== undefined
  return isPlain ? '' : `: ${allowed}`
}
