import type { Mistake } from '../lib/errors.ts'

/** Where a flag is not named for the field that it fills. */
const RENAMED: readonly (readonly [pointer: RegExp, flag: string])[] = [
  [/^\/query\/(?:region|project_id)$/, '--target'],
  [/\/exclude_volumes(?:\/|$)/, '--exclude-volume'],
  [/^\/checkpoint\/parameters\/resource_details(?:\/|$)/, '--resource'],
  [/^\/checkpoint\/parameters\/resources(?:\/|$)/, '--resource-id'],
  [/^\/checkpoint\/parameters\/incremental$/, '--full'],
]

const NAMED_ALIKE = /^\/(?:query|path|header|checkpoint(?:\/parameters)?)\/([\w-]+)$/

/** The flag that stands for a parameter of the API: `resource_type` is `--resource-type`. */
export function flagNamed(parameter: string): string {
  return parameter.replaceAll('_', '-')
}

/** A mistake in a request in the words of the command line that made it; one that no flag can have made stays as it is. */
export function toFlagMistake({ pointer, detail }: Mistake): Mistake {
  const renamed = RENAMED.find(([form]) => form.test(pointer))?.[1]
  const [, parameter] = NAMED_ALIKE.exec(pointer) ?? []
  const flag = renamed ?? (parameter === undefined ? pointer : `--${flagNamed(parameter)}`)
  return { pointer: flag, detail: inFlags(detail) }
}

/** What the check says of other parameters: how to repeat one, and which a range begins with. */
function inFlags(detail: string): string {
  return detail
    .replace(/\b(\w+)=…&\1=…/, (_, name: string) => `--${flagNamed(name)} … --${flagNamed(name)} …`)
    .replace(/^is before (\w+),/, (_, name: string) => `is before --${flagNamed(name)},`)
    .replace(/; leave the header out/, '; leave the flag out')
}
