import * as z from 'zod/mini'
import type { Mistake } from './errors.ts'
import { nearest } from './nearest.ts'

const LONGEST_QUOTE = 60
/** No key of ours is longer, so nothing of ours can have been meant by one that is. */
const LONGEST_KEY = 64
/** Of the unknown keys of one object: more are somebody's joke, and looking for what was meant takes time. */
const MOST_NAMED = 20

/** An object schema that takes no unknown key and, for each it meets, names the key that was probably meant. */
export function strict<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const allowed = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .slice(0, MOST_NAMED)
            .map((key) => suggestion(key, allowed))
            .join('\n')
        : `an object with the keys ${allowed.join(', ')}`,
  })
}

/**
 * Every mistake that a schema found in a document: where, what was found and what is allowed there. `show` says how a
 * value of the document may be quoted.
 */
export function toMistakes(
  error: Pick<z.core.$ZodError, 'issues'>,
  document: unknown,
  show: (json: string) => string = shorten,
): readonly Mistake[] {
  return error.issues.flatMap((issue) => {
    const pointer = issue.path.map((step) => `/${escapeStep(String(step))}`).join('')
    if (issue.code !== 'unrecognized_keys') {
      const value = valueAt(document, issue.path)
      const found = value === undefined ? 'nothing' : show(JSON.stringify(value) ?? typeof value)
      return [{ pointer, detail: `found ${found}, allowed is ${issue.message}` }]
    }
    const suggestions = issue.message.split('\n')
    const named = issue.keys.slice(0, MOST_NAMED).map((key, index) => ({
      pointer: `${pointer}/${escapeStep(key)}`,
      detail: suggestions[index] ?? issue.message,
    }))
    const more = issue.keys.length - MOST_NAMED
    return more > 0 ? [...named, { pointer, detail: `has further unknown keys: ${more}` }] : named
  })
}

function suggestion(key: string, allowed: readonly string[]): string {
  const meant = key.length > LONGEST_KEY ? undefined : nearest(key.toLowerCase(), allowed)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return `found an unknown key, allowed are ${allowed.join(', ')}${hint}`
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    document,
  )
}

function shorten(json: string): string {
  return json.length <= LONGEST_QUOTE ? json : `${json.slice(0, LONGEST_QUOTE)}…`
}

/** RFC 6901: `~` and `/` in a key are written `~0` and `~1`. */
export function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
