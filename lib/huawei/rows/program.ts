import type { ItemPattern, ObjectPattern, Step } from './pattern.ts'

/** What a step of `matcher.wat` does behind its bytes. */
const KINDS = { end: 0, between: 1, letGo: 2, kept: 3, list: 4, run: 5 } as const
type Kind = (typeof KINDS)[keyof typeof KINDS]

/** A step in words of 4 bytes: its kind, where its bytes lie, how many they are, and where to go on behind a list or a run. */
const STEP_WORDS = 8
const WORD_BYTES = 4
const SIZE = 2
const NEXT = 3
/** Not zero where a list is kept. */
const FLAG = 4
/** No stretch of bytes is so long, so it agrees with nothing. */
const NEVER = -1
const NO_BYTES = new Uint8Array()

/** A pattern as the matcher wants it, all steps in a row, and what to make of the places that it notes down. */
export interface Program {
  readonly steps: Int32Array
  readonly literals: Uint8Array
  readonly kept: KeptObject
}

/** What is kept of an object, in the order in which it is noted down. */
export interface KeptObject {
  /** Of the last one all that is kept: most of it is the same in the next, which is a copy of this. */
  readonly latest: Record<string, unknown>
  /** The last copy, which serves again where all is the same; undefined before the first. */
  made: Readonly<Record<string, unknown>> | undefined
  readonly entries: readonly KeptEntry[]
}

/** All have the same form, as a million rows pass through them. */
export interface KeptEntry {
  readonly key: string
  readonly kind: 'scalar' | 'object' | 'list'
  /** Of a list what is kept of its items; undefined where those are scalars. */
  readonly inner: KeptObject | undefined
  /** Where the scalar lay that stood here last: many are the same in row after row. */
  lastAt: number
}

/** Writes the program of a pattern for a memory in which steps begin here and their bytes there. */
export function programOf(pattern: ObjectPattern, stepsAt: number, literalsAt: number): Program {
  return new Writer(stepsAt, literalsAt).write(pattern)
}

class Writer {
  readonly #stepsAt: number
  readonly #literalsAt: number
  readonly #words: number[] = []
  readonly #literals: number[] = []

  constructor(stepsAt: number, literalsAt: number) {
    this.#stepsAt = stepsAt
    this.#literalsAt = literalsAt
  }

  write(pattern: ObjectPattern): Program {
    const kept = this.#object(pattern, KINDS.end)
    return { steps: Int32Array.from(this.#words), literals: Uint8Array.from(this.#literals), kept }
  }

  #object({ model, steps }: ObjectPattern, end: Kind): KeptObject {
    const entries = steps.flatMap((step) => this.#step(step, end) ?? [])
    return { latest: { ...model }, made: undefined, entries }
  }

  /** Writes a step; returns what is kept of it. */
  #step(step: Step, end: Kind): KeptEntry | undefined {
    const { bytes, key } = step
    switch (step.kind) {
      case 'scalar':
        this.#push(key === undefined ? KINDS.letGo : KINDS.kept, bytes)
        return entryOf(step, undefined)
      case 'object':
        this.#push(KINDS.between, bytes)
        return entryOf(step, this.#object(step.inner, KINDS.between))
      case 'list': {
        const at = this.#push(KINDS.list, bytes)
        this.#words[at + FLAG] = key === undefined ? 0 : 1
        const inner = this.#items(step.inner, key !== undefined)
        this.#goOnBehind(at)
        return entryOf(step, inner)
      }
      case 'run': {
        const at = this.#push(KINDS.run, bytes)
        for (const inner of step.inner) this.#push(KINDS.letGo, inner.bytes)
        this.#goOnBehind(at)
        return undefined
      }
      case 'end':
        this.#push(end, bytes)
        return undefined
    }
  }

  #items(item: ItemPattern, isKept: boolean): KeptObject | undefined {
    if (item !== undefined && item !== 'scalar') return this.#object(item, KINDS.end)
    if (item === undefined) this.#words[this.#push(KINDS.end, NO_BYTES) + SIZE] = NEVER
    else {
      this.#push(isKept ? KINDS.kept : KINDS.letGo, NO_BYTES)
      this.#push(KINDS.end, NO_BYTES)
    }
    return undefined
  }

  /** Returns the word where the step begins. */
  #push(kind: Kind, bytes: Uint8Array): number {
    const at = this.#words.length
    this.#words.push(kind, this.#literalsAt + this.#literals.length, bytes.length)
    this.#words.push(...Array<number>(STEP_WORDS - 3).fill(0))
    for (const byte of bytes) this.#literals.push(byte)
    return at
  }

  #goOnBehind(at: number): void {
    this.#words[at + NEXT] = this.#stepsAt + this.#words.length * WORD_BYTES
  }
}

function entryOf(
  { key, kind }: Pick<KeptEntry, 'kind'> & Pick<Step, 'key'>,
  inner: KeptObject | undefined,
): KeptEntry | undefined {
  return key === undefined ? undefined : { key, kind, inner, lastAt: 0 }
}

/** Forgets where scalars lay last: the page is another, or the matcher has forgotten it too. */
export function forgetLast({ entries }: KeptObject): void {
  for (const entry of entries) {
    entry.lastAt = 0
    if (entry.inner !== undefined) forgetLast(entry.inner)
  }
}
