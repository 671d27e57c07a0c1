import {
  BACKSLASH,
  BLANKS,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COMMA,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
} from './json-bytes.ts'
import type { ItemPattern, ObjectPattern, Projection, ScalarStep, Step } from './pattern.ts'

const ENDS_OF_WORDS: ReadonlySet<number | undefined> = new Set([
  ...BLANKS,
  COMMA,
  CLOSING_BRACE,
  CLOSING_BRACKET,
])

/**
 * The pattern of an object that `JSON.parse` has read from these bytes; of what it holds only what is in the projection is kept.
 * Undefined where it has none: an escaped key, one that is kept twice, a list in a list, more than 32 levels.
 */
export function learnPattern(row: Uint8Array, projection: Projection): ObjectPattern | undefined {
  try {
    return new Learner(row, projection).learn()
  } catch (error) {
    if (error instanceof NoPattern) return undefined
    throw error
  }
}

class NoPattern extends Error {}

/** `JSON.parse` takes any depth, a function that calls itself does not. */
const MOST_LEVELS = 32

class Learner {
  readonly #row: Uint8Array
  readonly #projection: Projection
  #at = 0
  /** Where the bytes begin that no step holds yet. */
  #from = 0
  #run: { readonly start: number; readonly inner: ScalarStep[] } | undefined
  #level = 0

  constructor(row: Uint8Array, projection: Projection) {
    // A copy: the bytes of the page will hold another one.
    this.#row = new Uint8Array(row)
    this.#projection = projection
  }

  learn(): ObjectPattern {
    return this.#object(this.#projection)
  }

  #object(projection: Projection | undefined): ObjectPattern {
    const model: Record<string, undefined> = {}
    const steps: Step[] = []
    this.#from = this.#at
    this.#entries(projection, model, steps)
    this.#endRun(steps)
    steps.push({ ...this.#step(undefined), kind: 'end' })
    return { model, steps }
  }

  /** From the opening brace to behind the closing one. */
  #entries(projection: Projection | undefined, model: Record<string, undefined>, steps: Step[]): void {
    this.#at += 1
    this.#level += 1
    if (this.#level > MOST_LEVELS) throw new NoPattern()
    while (this.#next() !== CLOSING_BRACE) {
      if (this.#next() === COMMA) this.#at += 1
      this.#next()
      const key = this.#key()
      const inner = projection && Object.hasOwn(projection, key) ? projection[key] : undefined
      if (inner !== undefined) {
        if (Object.hasOwn(model, key)) throw new NoPattern()
        model[key] = undefined
      }
      // The colon.
      this.#next()
      this.#at += 1
      this.#value(inner === undefined ? undefined : key, inner, steps)
    }
    this.#level -= 1
    this.#at += 1
  }

  #value(key: string | undefined, projection: Projection | undefined, steps: Step[]): void {
    const byte = this.#next()
    // What is let go needs no object of its own.
    if (byte === OPENING_BRACE && key === undefined) {
      this.#entries(undefined, {}, steps)
      return
    }
    if (byte === OPENING_BRACE) {
      this.#endRun(steps)
      steps.push({ ...this.#step(key), kind: 'object', inner: this.#object(projection) })
    } else if (byte === OPENING_BRACKET) {
      this.#endRun(steps)
      steps.push({ ...this.#step(key), kind: 'list', inner: this.#items(projection) })
    } else this.#scalarOf(key, steps)
    this.#from = this.#at
  }

  #scalarOf(key: string | undefined, steps: Step[]): void {
    if (key !== undefined) this.#endRun(steps)
    const step = { ...this.#step(key), kind: 'scalar' } as const
    if (key !== undefined) steps.push(step)
    else {
      this.#run ??= { start: this.#from, inner: [] }
      this.#run.inner.push(step)
    }
    this.#scalar()
  }

  /** Makes a step of the scalars that are let go and follow each other up to here. */
  #endRun(steps: Step[]): void {
    if (this.#run === undefined) return
    const { start, inner } = this.#run
    steps.push({ ...this.#step(undefined, start, this.#from), kind: 'run', inner })
    this.#run = undefined
  }

  /** The pattern of the first item: whether others agree shows when they are read. */
  #items(projection: Projection | undefined): ItemPattern {
    let first: ItemPattern
    this.#at += 1
    while (this.#next() !== CLOSING_BRACKET) {
      if (this.#next() === COMMA) this.#at += 1
      const item = this.#item(projection)
      first ??= item
    }
    this.#at += 1
    return first
  }

  #item(projection: Projection | undefined): ItemPattern {
    const byte = this.#next()
    if (byte === OPENING_BRACE) return this.#object(projection)
    if (byte === OPENING_BRACKET) throw new NoPattern()
    this.#scalar()
    return 'scalar'
  }

  #key(): string {
    const start = this.#at + 1
    this.#text()
    const key = this.#row.subarray(start, this.#at - 1)
    if (key.includes(BACKSLASH)) throw new NoPattern()
    return Buffer.from(key).toString()
  }

  /** To behind a scalar. */
  #scalar(): void {
    if (this.#row[this.#at] === QUOTE) this.#text()
    else while (!ENDS_OF_WORDS.has(this.#row[this.#at])) this.#at += 1
  }

  #text(): void {
    this.#at += 1
    while (this.#row[this.#at] !== QUOTE) this.#at += this.#row[this.#at] === BACKSLASH ? 2 : 1
    this.#at += 1
  }

  /** A step with these bytes; unless told, with those that no other holds. */
  #step(key: string | undefined, from = this.#from, to = this.#at): Pick<Step, 'bytes' | 'key'> {
    return { bytes: this.#row.subarray(from, to), key }
  }

  /** The next byte that is no blank. */
  #next(): number | undefined {
    while (BLANKS.has(this.#row[this.#at])) this.#at += 1
    return this.#row[this.#at]
  }
}
