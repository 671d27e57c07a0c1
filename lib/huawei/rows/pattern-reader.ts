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
const NO_ITEMS: readonly unknown[] = []

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

  /** Only what is another than in the last one is put in anew. */
  #object(kept: KeptObject): Readonly<Record<string, unknown>> {
    const { latest, entries } = kept
    let isSame = kept.made !== undefined
    for (const entry of entries) {
      if (this.#isSame(entry)) this.#note += WORDS_PER_NOTE
      else {
        const value = this.#value(entry)
        isSame &&= value === latest[entry.key]
        latest[entry.key] = value
      }
    }
    if (!isSame || kept.made === undefined) kept.made = { ...latest }
    return kept.made
  }

  /** A scalar that is the same as the last lies where that lay. */
  #isSame({ kind, lastAt }: KeptEntry): boolean {
    return kind === 'scalar' && this.#notes[this.#note] === lastAt
  }

  #value(entry: KeptEntry): unknown {
    const { kind, inner } = entry
    if (kind === 'scalar') {
      entry.lastAt = this.#notes[this.#note] ?? 0
      return this.#make()
    }
    return kind === 'object' && inner !== undefined ? this.#object(inner) : this.#list(inner)
  }

  #list(inner: KeptObject | undefined): readonly unknown[] {
    const count = this.#notes[this.#note] ?? 0
    this.#note += WORDS_PER_NOTE
    if (count === 0) return NO_ITEMS
    // Most have one: an empty list to which something is added has room for seventeen.
    const items = [this.#item(inner)]
    while (items.length < count) items.push(this.#item(inner))
    return items
  }

  #item(inner: KeptObject | undefined): unknown {
    return inner === undefined ? this.#make() : this.#object(inner)
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
