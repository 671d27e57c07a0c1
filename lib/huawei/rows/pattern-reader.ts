import { BACKSLASH, BLANK, CLOSING_BRACKET, COMMA, OPENING_BRACKET, QUOTE } from './json-bytes.ts'
import type { Bytes, ItemPattern, ObjectPattern, ScalarStep, Step, ValueStep } from './pattern.ts'
import { isPlain } from './plain.ts'
import { type TextCutter, textCutter } from './text-cutter.ts'

const ZERO = 0x30
const NINE = 0x39
/** A whole number of so many digits is told exactly. */
const MOST_DIGITS = 15
const WORDS = [null, true, false].map((value) => {
  const bytes = Uint8Array.from(String(value), (character) => character.charCodeAt(0))
  return { bytes: new DataView(bytes.buffer), from: 0, size: bytes.length, value }
})

/** A text that changed in so many more rows than it stayed is made anew each time, and compared with no other. */
const MOST_CHANGES = 8

/** Stands for a value that is not as its pattern has it. */
const OTHER = Symbol('other')
type Other = typeof OTHER

/** What was kept of an object, and where it ends. */
export interface ObjectRead {
  readonly value: Readonly<Record<string, unknown>>
  readonly end: number
}

/** Reads objects from the bytes of a page by their patterns, and makes only what is kept of them. */
export class PatternReader {
  readonly #body: Buffer
  readonly #view: DataView
  readonly #cut: TextCutter
  readonly #size: number
  #at = 0

  constructor(body: Buffer, encoding: 'latin1' | 'utf8') {
    this.#body = body
    this.#view = new DataView(body.buffer, body.byteOffset, body.length)
    this.#cut = textCutter(body, encoding)
    this.#size = body.length
  }

  /** What is kept of the object that begins here, and where it ends; undefined where it does not agree with the pattern, and only `JSON.parse` can tell. */
  read(pattern: ObjectPattern, start: number): ObjectRead | undefined {
    this.#at = start
    const value = this.#object(pattern)
    return value === OTHER ? undefined : { value, end: this.#at }
  }

  #object({ model, steps }: ObjectPattern): Record<string, unknown> | Other {
    const object: Record<string, unknown> = { ...model }
    for (const step of steps) {
      if (step.kind === 'run') {
        if (!this.#agreesWhole(step) && !this.#passes(step.inner)) return OTHER
        continue
      }
      if (!this.#agrees(step)) return OTHER
      if (step.kind === 'end') return object
      const value = this.#value(step)
      if (value === OTHER) return OTHER
      if (step.key !== undefined) object[step.key] = value
    }
    return OTHER
  }

  /** Steps behind a run that is the same as the one learnt; one whose last number goes on is not. */
  #agreesWhole(step: Step): boolean {
    const start = this.#at
    if (!this.#agrees(step)) return false
    const next = this.#body[this.#at]
    if (next === undefined || next < ZERO || next > NINE) return true
    this.#at = start
    return false
  }

  /** Steps behind scalars that are let go. */
  #passes(steps: readonly ScalarStep[]): boolean {
    for (const step of steps) if (!this.#agrees(step) || this.#value(step) === OTHER) return false
    return true
  }

  #value(step: ValueStep): unknown {
    if (step.kind === 'object') return this.#object(step.inner)
    if (step.kind === 'list') return this.#list(step.inner, step.key !== undefined)
    return this.#body[this.#at] === QUOTE ? this.#text(step) : this.#word()
  }

  /** Steps behind these bytes where they are what follows. */
  #agrees({ bytes, from, size }: Bytes): boolean {
    const view = this.#view
    let at = this.#at
    if (at + size > this.#size) return false
    const end = from + size
    let index = from
    // Eight at a time, as one number: equal numbers have equal bytes, but for 0 and -0, and no byte of JSON is zero. Some bytes that
    // are no UTF-8 make NaN, which equals nothing. The last eight overlap those before them.
    for (; index + 8 <= end; index += 8, at += 8)
      if (view.getFloat64(at, true) !== bytes.getFloat64(index, true)) return false
    if (index < end && size >= 8) {
      const back = at - index + end
      if (view.getFloat64(back - 8, true) !== bytes.getFloat64(end - 8, true)) return false
      this.#at = back
      return true
    }
    for (; index < end; index += 1, at += 1) if (view.getUint8(at) !== bytes.getUint8(index)) return false
    this.#at = at
    return true
  }

  #list(pattern: ItemPattern, isKept: boolean): unknown[] | Other {
    const body = this.#body
    if (body[this.#at] !== OPENING_BRACKET) return OTHER
    this.#at += 1
    let items: unknown[] | undefined
    while (body[this.#at] !== CLOSING_BRACKET) {
      if (items !== undefined && body[this.#at++] !== COMMA) return OTHER
      const item = this.#item(pattern, isKept)
      if (item === OTHER) return OTHER
      // Most have one: an empty list to which something is added has room for seventeen.
      if (items === undefined) items = [item]
      else items.push(item)
    }
    this.#at += 1
    return items ?? []
  }

  #item(pattern: ItemPattern, isKept: boolean): unknown {
    if (pattern === undefined) return OTHER
    if (pattern !== 'scalar') return this.#object(pattern)
    if (this.#body[this.#at] !== QUOTE) return this.#word()
    const start = this.#at + 1
    if (!this.#skipped(start)) return OTHER
    return isKept ? this.#cut(start, this.#at - 1) : undefined
  }

  /** A text of plain characters; one that is let go is not made. */
  #text(step: ScalarStep): string | Other | undefined {
    const start = this.#at + 1
    if (step.key === undefined) return this.#skipped(start) ? undefined : OTHER
    if (step.changes < MOST_CHANGES && this.#isAgain(step.last, start)) {
      step.changes = Math.max(0, step.changes - 1)
      return step.last
    }
    if (!this.#skipped(start)) return OTHER
    const text = this.#cut(start, this.#at - 1)
    if (step.changes < MOST_CHANGES) {
      step.changes += 1
      step.last = text.length === this.#at - 1 - start ? text : ''
    }
    return text
  }

  /** Steps behind the text that begins here where it is this one. */
  #isAgain(last: string, start: number): boolean {
    const body = this.#body
    const end = start + last.length
    if (body[end] !== QUOTE) return false
    for (let at = start; at < end; at += 1) if (body[at] !== last.charCodeAt(at - start)) return false
    this.#at = end + 1
    return true
  }

  /** Steps behind the text that goes on here; false where it holds an escape or what JSON forbids. */
  #skipped(from: number): boolean {
    const view = this.#view
    const last = this.#size - 4
    let at = from
    while (at <= last && isPlain(view.getInt32(at, true))) at += 4
    const body = this.#body
    for (let byte = body[at]; byte !== QUOTE; byte = body[at]) {
      if (byte === undefined || byte < BLANK || byte === BACKSLASH) return false
      at += 1
    }
    this.#at = at + 1
    return true
  }

  /** A whole number, true, false or null. */
  #word(): number | boolean | null | Other {
    const body = this.#body
    const start = this.#at
    let number = 0
    let at = start
    for (let byte = body[at]; byte !== undefined && byte >= ZERO && byte <= NINE; byte = body[at]) {
      number = number * 10 + byte - ZERO
      at += 1
    }
    if (at > start) {
      const isExact = at - start <= MOST_DIGITS && (body[start] !== ZERO || at - start === 1)
      this.#at = at
      return isExact ? number : OTHER
    }
    for (const word of WORDS) if (this.#agrees(word)) return word.value
    return OTHER
  }
}
