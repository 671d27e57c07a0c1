import type { Mistake } from '../lib/errors.ts'
import { nearest } from '../lib/nearest.ts'
import type { Environment } from '../lib/runtime/environment.ts'
import { wrap } from './wrap.ts'

/** What a flag takes: nothing, one value, or a value each time that it is given. */
export interface Flag {
  readonly takes: 'nothing' | 'value' | 'values'
  /** How the value is named in the help: `REGION[:PROJECT_ID]`. */
  readonly value?: string
  readonly says: string
}

export type Flags = Readonly<Record<string, Flag>>

/** What a command line gave; a flag that was not given is absent. */
export interface FlagValues {
  readonly has: (name: string) => boolean
  readonly one: (name: string) => string | undefined
  readonly all: (name: string) => readonly string[]
}

/**
 * Reads `--name value`, `--name=value` and `--name`; every mistake is collected, none stops the reading. The environment tells
 * which flags never came here.
 */
export function readFlags(
  argv: readonly string[],
  flags: Flags,
  environment: Environment = {},
): { values: FlagValues; mistakes: readonly Mistake[] } {
  const found = new Map<string, string[]>()
  const mistakes: Mistake[] = takenByNpm(flags, environment)
  const rest = [...argv]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name = '', inline] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? []
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    if (flag === undefined) {
      mistakes.push(unknownFlag(word, flags))
      // What follows an unknown flag is its value, not another mistake.
      if (word.startsWith('--') && inline === undefined && !rest[0]?.startsWith('--')) rest.shift()
      continue
    }
    const next =
      flag.takes !== 'nothing' && inline === undefined && !rest[0]?.startsWith('--') ? rest.shift() : inline
    const mistake = misuse(name, flag, next, found.has(name))
    if (mistake === undefined) found.set(name, [...(found.get(name) ?? []), next ?? ''])
    else mistakes.push({ pointer: `--${name}`, detail: mistake })
  }
  const all = (name: string): readonly string[] => found.get(name) ?? []
  return { values: { has: (name) => found.has(name), one: (name) => all(name)[0], all }, mistakes }
}

/** What npm knows itself, and may have been told for its own sake. */
const OWN_OF_NPM = ['all', 'description', 'help', 'json']

/** Flags that stood before the `--`, or without one: npm takes them for its own, and tells of them in the environment alone. */
function takenByNpm(flags: Flags, environment: Environment): Mistake[] {
  const script = environment['npm_lifecycle_event'] ?? 'audit'
  return Object.keys(flags)
    .filter((name) => !OWN_OF_NPM.includes(name))
    .filter((name) => environment[`npm_config_${name.replaceAll('-', '_')}`] !== undefined)
    .map((name) => ({
      pointer: `--${name}`,
      detail: `was taken by npm, and not by this command; write -- before the flags: npm run ${script} -- --${name}`,
    }))
}

function misuse(
  name: string,
  flag: Flag,
  value: string | undefined,
  isRepeated: boolean,
): string | undefined {
  if (flag.takes === 'nothing')
    return value === undefined ? undefined : `takes no value, but got ${JSON.stringify(value)}`
  if (value === undefined || value === '') return `needs a value: --${name} ${flag.value}`
  return isRepeated && flag.takes === 'value' ? 'is given more than once' : undefined
}

function unknownFlag(word: string, flags: Flags): Mistake {
  if (!word.startsWith('-'))
    return { pointer: JSON.stringify(word), detail: 'is no argument of this command; see --help' }
  const name = word.replace(/^-+/, '').replace(/=.*$/s, '')
  const meant = nearest(name, Object.keys(flags))
  const hint = meant === undefined ? 'see --help' : `did you mean --${meant}?`
  return { pointer: word.replace(/=.*$/s, ''), detail: `is no flag of this command; ${hint}` }
}

/** The help text of a command: usage, flags, examples; fits 80 columns. */
export function describeFlags(flags: Flags): string {
  const names = Object.entries(flags).map(
    ([name, flag]) => `--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
  )
  const width = Math.min(30, Math.max(...names.map((name) => name.length))) + 2
  return Object.values(flags)
    .map((flag, index) => layOut(names[index] ?? '', flag.says, width))
    .join('\n')
}

function layOut(name: string, says: string, width: number): string {
  const lines = wrap(says, 80 - width - 2)
  const indent = ' '.repeat(width + 2)
  const head = name.length + 2 > width ? `  ${name}\n${indent}` : `  ${name.padEnd(width)}`
  return head + lines.join(`\n${indent}`)
}
