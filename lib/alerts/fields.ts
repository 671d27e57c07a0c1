import type { AlarmFields } from './alert.ts'

/** Beyond these a document is no alarm that somebody wrote a rule for. */
const MOST_FIELDS = 256
const LONGEST_VALUE = 4096
const DEEPEST = 8

/** The texts, numbers and booleans of a document, by the path to them: `data.service.summary`. */
export function toFields(document: object): AlarmFields {
  const fields = new Map<string, string>()
  gather(document, '', 1, fields)
  return Object.fromEntries(fields)
}

/** Fields of which some can be named without the path to them; where both are there the path goes first. */
export function withShortNames(fields: AlarmFields, within: string): AlarmFields {
  const short = Object.entries(fields)
    .filter(([path]) => path.startsWith(within))
    .map(([path, value]) => [path.slice(within.length), value] as const)
  return { ...Object.fromEntries(short), ...fields }
}

function gather(document: object, path: string, depth: number, fields: Map<string, string>): void {
  for (const [name, value] of Object.entries(document)) {
    if (fields.size >= MOST_FIELDS) return
    if (typeof value === 'object' && value !== null) {
      if (depth < DEEPEST) gather(value, `${path}${name}.`, depth + 1, fields)
    } else if (/^(string|number|boolean)$/.test(typeof value) && String(value).length <= LONGEST_VALUE)
      fields.set(path + name, String(value))
  }
}
