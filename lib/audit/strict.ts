import * as z from 'zod/mini'
import type { Mistake } from '../errors.ts'

const LONGEST_QUOTE = 60

/** An object schema that takes no unknown key and, for each it meets, names the key that was probably meant. */
export function strict<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const allowed = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => suggestion(key, allowed)).join('\n')
        : `an object with the keys ${allowed.join(', ')}`,
  })
}

/** Every mistake that a schema found in a document: where, what was found and what is allowed there. */
export function toMistakes(error: z.core.$ZodError, document: unknown): readonly Mistake[] {
  return error.issues.flatMap((issue) => {
    const pointer = issue.path.map((step) => `/${escapeStep(String(step))}`).join('')
    if (issue.code !== 'unrecognized_keys') {
      const found = show(valueAt(document, issue.path))
      return [{ pointer, detail: `found ${found}, allowed is ${issue.message}` }]
    }
    const suggestions = issue.message.split('\n')
    return issue.keys.map((key, index) => ({
      pointer: `${pointer}/${escapeStep(key)}`,
      detail: suggestions[index] ?? issue.message,
    }))
  })
}

function suggestion(key: string, allowed: readonly string[]): string {
  const nearest = allowed
    .map((candidate) => ({ candidate, edits: editDistance(key.toLowerCase(), candidate) }))
    .filter(({ edits }) => edits <= Math.max(2, key.length / 2))
    .sort((a, b) => a.edits - b.edits)[0]
  const meant = nearest === undefined ? '' : `; did you mean ${nearest.candidate}?`
  return `found an unknown key, allowed are ${allowed.join(', ')}${meant}`
}

/** Levenshtein's distance: how many letters have to be added, dropped or changed. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column += 1) {
      const changed = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    document,
  )
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? typeof value
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`
}

/** RFC 6901: `~` and `/` in a key are written `~0` and `~1`. */
function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
