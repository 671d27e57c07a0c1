import { MATCHER_WASM } from './matcher-wasm.ts'
import type { ObjectPattern } from './pattern.ts'
import { forgetLast, type Program, programOf } from './program.ts'

/** Where in its memory what lies: the steps of a program, their bytes, what is noted down, the page. */
const STEPS_AT = 0x40
const LITERALS_AT = 0x8000
const NOTES_AT = 0x18000
const PAGE_AT = 0x20000
const WORD_BYTES = 4
const MEMORY_PAGE_BYTES = 1 << 16
/** So many bytes are looked at at once, and so as many behind the end. */
const MARGIN_BYTES = 16
/** The memory never shrinks: what is longer, and no page of a thousand backups is, is left to `JSON.parse`. */
const MOST_PAGE_BYTES = 1 << 25

/** What `matcher.wat` exports. */
interface Exports {
  readonly memory: WebAssembly.Memory
  readonly match: (page: number, row: number, steps: number, notes: number) => number
}

let made: Matcher | null | undefined

/** Compares rows with patterns, outside JavaScript because there sixteen bytes are compared at once. It holds a copy of one page, and one program. */
export class Matcher {
  readonly #exports: Exports
  #bytes = new Uint8Array()
  #words = new Int32Array()
  #notes = new Int32Array()
  #page: Uint8Array | undefined
  #program: Program | undefined

  private constructor() {
    const module = new WebAssembly.Module(Buffer.from(MATCHER_WASM, 'base64'))
    this.#exports = new WebAssembly.Instance(module).exports as Exports
    this.#look()
  }

  /** The only one; undefined where WebAssembly is switched off, or the system has no room for its memory. */
  static get(): Matcher | undefined {
    if (made === undefined) {
      try {
        made = new Matcher()
      } catch {
        made = null
      }
    }
    return made ?? undefined
  }

  /** In two numbers each, in their order: of scalars that are kept where in the page they lie and how long they are, of lists how many items they have. */
  get notes(): Int32Array<ArrayBuffer> {
    return this.#notes
  }

  /** The program of a pattern; undefined where it is too long. */
  programOf(pattern: ObjectPattern): Program | undefined {
    const program = programOf(pattern, STEPS_AT, LITERALS_AT)
    const isShort =
      program.steps.byteLength <= LITERALS_AT - STEPS_AT &&
      program.literals.length + MARGIN_BYTES <= NOTES_AT - LITERALS_AT
    return isShort ? program : undefined
  }

  /** Where the row ends that begins here; undefined where it does not agree with the program. Of a page the bytes count that it had when it was first given. */
  match(page: Uint8Array, start: number, program: Program): number | undefined {
    if (page !== this.#page && !this.#load(page)) return undefined
    if (program !== this.#program) this.#use(program)
    return this.#exports.match(PAGE_AT, start, STEPS_AT, NOTES_AT) || undefined
  }

  #load(page: Uint8Array): boolean {
    if (page.length > MOST_PAGE_BYTES) return false
    const end = PAGE_AT + page.length
    const moreBytes = end + MARGIN_BYTES - this.#bytes.length
    if (moreBytes > 0 && !this.#grow(moreBytes)) return false
    this.#bytes.set(page, PAGE_AT)
    // No byte of JSON is zero, so nothing agrees with one, and no text goes on behind one.
    this.#bytes.fill(0, end, end + MARGIN_BYTES)
    this.#page = page
    this.#program = undefined
    return true
  }

  /** False where the system has no room for as much. */
  #grow(bytes: number): boolean {
    try {
      this.#exports.memory.grow(Math.ceil(bytes / MEMORY_PAGE_BYTES))
    } catch {
      return false
    }
    this.#look()
    return true
  }

  #use(program: Program): void {
    this.#words.set(program.steps, STEPS_AT / WORD_BYTES)
    this.#bytes.set(program.literals, LITERALS_AT)
    forgetLast(program.kept)
    this.#program = program
  }

  #look(): void {
    const { buffer } = this.#exports.memory
    this.#bytes = new Uint8Array(buffer)
    this.#words = new Int32Array(buffer)
    this.#notes = this.#words.subarray(NOTES_AT / WORD_BYTES, PAGE_AT / WORD_BYTES)
  }
}
