import * as z from 'zod/mini'
import { parseTime } from '../parse-time.ts'

/** What a parameter may hold: the check, the words for people, and the type for OpenAPI. All values come as text. */
export interface ValueKind {
  /** From the text as it was given to the text as Huawei takes it; its only message is `allowed`. */
  readonly schema: z.ZodMiniType<string, string>
  /** After "allowed is": `a whole number from 1 to 1000`. */
  readonly allowed: string
  readonly jsonSchema: Readonly<Record<string, unknown>>
}

/** A query parameter as Huawei's documents know it: one row of the table that checks, help, flags and OpenAPI are made from. */
export interface Parameter {
  readonly name: string
  readonly kind: ValueKind
  /** Whether it may stand several times. */
  readonly repeats?: true
  readonly description: string
  readonly example: string
}

/** The parameters of one call, and what must hold between them. */
export interface ParameterTable {
  readonly parameters: readonly Parameter[]
  /** Where a range of time stands: the second must not be before the first. */
  readonly range: readonly [from: string, to: string]
}

/** Longer filters cannot match: no name, id or sort order of Huawei has more characters. */
const LONGEST = 255

/** Any text that is not empty. */
export function text(max = LONGEST): ValueKind {
  return kindOf(`1 to ${max} characters`, (value) => value.length >= 1 && value.length <= max, {
    type: 'string',
    minLength: 1,
    maxLength: max,
  })
}

/** Text of a certain form. */
export function pattern(form: RegExp, allowed: string): ValueKind {
  return kindOf(allowed, (value) => form.test(value), { type: 'string', pattern: form.source })
}

/** A whole number in ASCII digits, without sign, exponent or fraction. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): ValueKind {
  const isBounded = max < Number.MAX_SAFE_INTEGER
  return kindOf(
    isBounded ? `a whole number from ${min} to ${max}` : `a whole number of at least ${min}`,
    (value) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max,
    { type: 'integer', minimum: min, ...(isBounded ? { maximum: max } : {}) },
    (value) => String(Number(value)),
  )
}

/** `true` or `false`. */
export const flag: ValueKind = kindOf('true or false', (value) => ['true', 'false'].includes(value), {
  type: 'boolean',
})

/** One of a closed list: what we ask for is closed, what Huawei answers is open. */
export function choice(values: readonly string[]): ValueKind {
  return kindOf(`one of ${values.join(', ')}`, (value) => values.includes(value), {
    type: 'string',
    enum: values,
  })
}

/** A time in whole seconds of UTC, in the only form that CBR documents. */
export const second: ValueKind = kindOf(
  'a time such as 2018-02-01T12:00:00Z',
  (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) && parseTime(value) !== undefined,
  { type: 'string', format: 'date-time' },
)

/** Keys with directions, such as `created_at:asc,id`. */
export function sorting(keys: readonly string[]): ValueKind {
  const term = `(?:${keys.join('|')})(?::(?:asc|desc))?`
  const form = new RegExp(`^${term}(?:,${term})*$`)
  return kindOf(
    `a list such as created_at:asc,id:desc of at most ${LONGEST} characters, with the keys ${keys.join(', ')}`,
    (value) => value.length <= LONGEST && form.test(value),
    { type: 'string', maxLength: LONGEST, pattern: form.source },
  )
}

/** A kind from its test; `convert` is asked only for values that pass it. */
export function kindOf(
  allowed: string,
  isAllowed: (value: string) => boolean,
  jsonSchema: ValueKind['jsonSchema'],
  convert: (value: string) => string = (value) => value,
): ValueKind {
  const checked = z
    .string()
    .check(z.refine((value) => value.isWellFormed() && isAllowed(value), { error: allowed }))
  return { allowed, jsonSchema, schema: z.pipe(checked, z.transform(convert)) }
}
