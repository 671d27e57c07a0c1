import { QUOTE } from './json-bytes.ts'
import { Matcher } from './matcher.ts'
import type { ObjectPattern } from './pattern.ts'
import type { KeptEntry, KeptObject, Program } from './program.ts'
import { type TextCutter, textCutter } from './text-cutter.ts'

const ZERO = 0x30
const FIRST_OF_NULL = 0x6e
const FIRST_OF_TRUE = 0x74
const FIRST_OF_FALSE = 0x66
const WORDS_PER_NOTE = 2

/** What was kept of an object, and where it ends. */
export interface ObjectRead {
  readonly value: Readonly<Record<string, unknown>>
  readonly end: number
}

/** Reads objects from the bytes of a page by their patterns, and makes only what is kept of them. */
export class PatternReader {
  readonly #page: Uint8Array
  readonly #cut: TextCutter
  #notes = new Int32Array()
  #note = 0

  constructor(body: Buffer, encoding: 'latin1' | 'utf8') {
    // By this the matcher knows a page again: other bytes may come into the same buffer.
    this.#page = body.subarray()
    this.#cut = textCutter(body, encoding)
  }

  /** The program by which objects of a pattern are read; undefined where `JSON.parse` must do. */
  static programOf(pattern: ObjectPattern): Program | undefined {
    return Matcher.get()?.programOf(pattern)
  }

  /** What is kept of the object that begins here, and where it ends; undefined where it does not agree with its pattern, and only `JSON.parse` can tell. */
  read(program: Program, start: number): ObjectRead | undefined {
    const matcher = Matcher.get()
    const end = matcher?.match(this.#page, start, program)
    if (matcher === undefined || end === undefined) return undefined
    this.#notes = matcher.notes
    this.#note = 0
    return { value: this.#object(program.kept), end }
  }

  #object({ model, entries }: KeptObject): Record<string, unknown> {
    const object: Record<string, unknown> = { ...model }
    for (const entry of entries) object[entry.key] = this.#value(entry)
    return object
  }

  #value(entry: KeptEntry): unknown {
    const { kind, inner } = entry
    if (kind === 'scalar') return this.#scalar(entry)
    return kind === 'object' && inner !== undefined ? this.#object(inner) : this.#list(inner)
  }

  #list(inner: KeptObject | undefined): unknown[] {
    const count = this.#notes[this.#note] ?? 0
    this.#note += WORDS_PER_NOTE
    if (count === 0) return []
    // Most have one: an empty list to which something is added has room for seventeen.
    const items = [this.#item(inner)]
    while (items.length < count) items.push(this.#item(inner))
    return items
  }

  #item(inner: KeptObject | undefined): unknown {
    return inner === undefined ? this.#make() : this.#object(inner)
  }

  /** A scalar that is the same as the last lies where that lay. */
  #scalar(entry: KeptEntry): unknown {
    const at = this.#notes[this.#note] ?? 0
    if (at === entry.lastAt) this.#note += WORDS_PER_NOTE
    else {
      entry.last = this.#make()
      entry.lastAt = at
    }
    return entry.last
  }

  /** The scalar that was noted down next. */
  #make(): string | number | boolean | null {
    const page = this.#page
    const start = this.#notes[this.#note] ?? 0
    const end = start + (this.#notes[this.#note + 1] ?? 0)
    this.#note += WORDS_PER_NOTE
    switch (page[start]) {
      case QUOTE:
        return this.#cut(start + 1, end - 1)
      case FIRST_OF_NULL:
        return null
      case FIRST_OF_TRUE:
        return true
      case FIRST_OF_FALSE:
        return false
    }
    let number = 0
    for (let at = start; at < end; at += 1) number = number * 10 + (page[at] ?? 0) - ZERO
    return number
  }
}
