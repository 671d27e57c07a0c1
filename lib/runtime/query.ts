import { Fault, type Mistake } from '../errors.ts'
import { type Parameter, type ParameterTable, text } from '../huawei/parameter.ts'
import { nearest } from '../nearest.ts'
import { escapeStep } from '../strict.ts'
import { type HttpEvent, MOST_PARAMETERS, type QueryPair, type QueryPart } from './http-event.ts'
import { redactedInput, redactedText } from './redacted-input.ts'

/** A query that was read, in Huawei's own spelling. */
export interface Query {
  /** What is for Huawei, in the order in which it came. */
  readonly pairs: readonly QueryPair[]
  readonly one: (name: string) => string | undefined
}

/** Where in Huawei a request goes: parameters of ours, on every route. */
export const PLACE_PARAMETERS: readonly Parameter[] = [
  {
    name: 'region',
    kind: text(64),
    description: 'Region of the target; may be left out where only one target fits',
    example: 'cn-north-4',
  },
  {
    name: 'project_id',
    kind: text(64),
    description: 'Project of the target; may be left out where only one target fits',
    example: '0605767b5780d5762fc5c0118072a564',
  },
]

/** No name of ours is longer, so nothing of ours can have been meant. */
const LONGEST_NAME = 64

/** Reads a query by its table and adds every mistake in it to the list. */
export function readQuery(
  { query }: Pick<HttpEvent, 'query'>,
  table: Partial<ParameterTable>,
  mistakes: Mistake[],
): Query {
  const parameters = [...(table.parameters ?? []), ...PLACE_PARAMETERS]
  const pairs: QueryPair[] = []
  for (const [name, value] of acceptable(query, mistakes)) {
    const parameter = parameters.find((one) => one.name === name)
    const isAgain = pairs.some(([key]) => key === name)
    const reading = parameter === undefined ? unknown(name, parameters) : read(parameter, value, isAgain)
    if (typeof reading === 'string') mistakes.push({ pointer: pointerTo(name), detail: reading })
    else pairs.push([name, reading.value])
  }
  const one = (name: string): string | undefined => pairs.find(([key]) => key === name)?.[1]
  if (table.range !== undefined) requireOrder(one, table.range, mistakes)
  return { pairs: pairs.filter(([name]) => !PLACE_PARAMETERS.some((ours) => ours.name === name)), one }
}

/** Throws where there are mistakes, all of them at once. */
export function refuseMistakes(mistakes: readonly Mistake[]): void {
  if (mistakes.length > 0)
    throw new Fault('invalid_request', 'Cannot do this: the request has mistakes, see errors', { mistakes })
}

function acceptable(query: readonly QueryPart[], mistakes: Mistake[]): readonly QueryPart[] {
  if (query.length <= MOST_PARAMETERS) return query
  mistakes.push({ pointer: '/query', detail: `found more than ${MOST_PARAMETERS} parameters` })
  return []
}

function unknown(name: string, parameters: readonly Parameter[]): string {
  const names = parameters.map((parameter) => parameter.name)
  const meant = name.length > LONGEST_NAME ? undefined : nearest(name.toLowerCase(), names)
  return `is no parameter of this route; ${meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`}`
}

/** The value as Huawei takes it, or a sentence that says what is wrong with it. */
function read(
  { name, kind, repeats }: Parameter,
  value: string | undefined,
  isAgain: boolean,
): { readonly value: string } | string {
  if (value === undefined) return `is not percent-encoded UTF-8, allowed is ${kind.allowed}`
  if (isAgain && repeats === undefined) return 'is given more than once, allowed is one value'
  const result = kind.schema.safeParse(value)
  if (result.success) return { value: result.data }
  const hint = repeats && value.includes(',') ? `; for several write ${name}=…&${name}=…` : ''
  return `found ${redactedText(value)}, allowed is ${kind.allowed}${hint}`
}

/** Both are times in one spelling, whose order as text is that in time. */
function requireOrder(one: Query['one'], [from, to]: ParameterTable['range'], mistakes: Mistake[]): void {
  const [start, end] = [one(from), one(to)]
  if (start !== undefined && end !== undefined && end < start)
    mistakes.push({ pointer: pointerTo(to), detail: `is before ${from}, allowed is ${start} or later` })
}

function pointerTo(name: string): string {
  return `/query/${redactedInput(escapeStep(name))}`
}
