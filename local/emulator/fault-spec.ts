import { ANSWERS, describeFaults, EFFECTS, MODIFIERS, OPERATION_GROUPS, type Word } from './fault-words.ts'

export type EffectName = keyof typeof EFFECTS
export type AnswerName = keyof typeof ANSWERS
type ModifierName = keyof typeof MODIFIERS

/** A fault that waits for its requests. */
export interface PlantedFault<Effect extends EffectName = EffectName> {
  readonly operation: string
  readonly effect: Effect
  /** What stands after the `=` of the effect. */
  readonly value: string
  readonly modifiers: Readonly<Partial<Record<ModifierName, string>>>
}

/** A SPEC that cannot be understood; the message says what is allowed. */
export class FaultSpecError extends Error {
  override readonly name = 'FaultSpecError'
}

/** Reads a SPEC, or throws a FaultSpecError that names its mistakes and lists what is allowed. */
export function parseFault(spec: string, operations: readonly string[]): PlantedFault {
  const mistakes = mistakesInFault(spec, operations)
  const { operation, effect, modifiers } = partsOf(spec)
  const [name, value] = effect
  if (mistakes.length > 0 || !isEffect(name))
    throw new FaultSpecError(
      `Cannot plant the fault ${JSON.stringify(spec)}: ${mistakes.join('; ')}.\n${describeFaults(operations)}`,
    )
  return { operation, effect: name, value, modifiers: Object.fromEntries(modifiers) }
}

/** What is wrong with a SPEC, all of it. */
export function mistakesInFault(spec: string, operations: readonly string[]): readonly string[] {
  const { operation, effect, modifiers } = partsOf(spec)
  const isOperation = [...operations, ...OPERATION_GROUPS].includes(operation)
  return [
    ...(isOperation ? [] : [`there is no operation ${JSON.stringify(operation)}`]),
    ...mistakesIn(effect, 'effect', EFFECTS),
    ...modifiers.flatMap((modifier) => mistakesIn(modifier, 'modifier', MODIFIERS)),
  ]
}

type Part = readonly [name: string, value: string]

function mistakesIn(
  [name, value]: Part,
  kind: 'effect' | 'modifier',
  words: Readonly<Record<string, Word>>,
): readonly string[] {
  const word = Object.hasOwn(words, name) ? words[name] : undefined
  if (word === undefined) return [`there is no ${kind} ${JSON.stringify(name)}`]
  return word.value.test(value) ? [] : [`${name} cannot have the value ${JSON.stringify(value)}`]
}

function partsOf(spec: string) {
  const [operation = '', effect = '', ...modifiers] = spec.split(':')
  return { operation, effect: splitPart(effect), modifiers: modifiers.map(splitPart) }
}

function splitPart(part: string): Part {
  const [name = '', ...value] = part.split('=')
  return [name, value.join('=')]
}

function isEffect(name: string): name is EffectName {
  return Object.hasOwn(EFFECTS, name)
}

/** Whether a fault replaces or spoils the answer. */
export function isAnswer(fault: PlantedFault): fault is PlantedFault<AnswerName> {
  return Object.hasOwn(ANSWERS, fault.effect)
}
