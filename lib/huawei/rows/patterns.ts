import { OPENING_BRACE } from './json-bytes.ts'
import { learnPattern } from './learn-pattern.ts'
import type { Projection } from './pattern.ts'
import { PatternReader } from './pattern-reader.ts'
import type { Program } from './program.ts'

/** A row that agrees with none is compared with each of them in vain. */
const MOST_PATTERNS = 4
/** In comparisons made in vain: what reading a row by its pattern saves, and what learning costs. */
const SAVED = 2
const LEARNING = 30
/** Where so much more was lost than saved, rows are too different for patterns. */
const MOST_LOST = 1000

/** How the rows of a list are written, learnt from those that `JSON.parse` read. */
export class Patterns {
  readonly #projection: Projection
  readonly #idKey: string
  /** The one that was learnt or met last comes first. */
  #programs: readonly Program[] = []
  /** What was lost, less what was saved. */
  #lost = 0

  /**
   * Of rows only what is in the projection is read. One that has no id under the key for that is left to `JSON.parse`, as it is told from
   * others by all that it holds.
   */
  constructor(projection: Projection, idKey: string) {
    this.#projection = projection
    this.#idKey = idKey
  }

  /** What is kept of the row that begins here, and where it ends; undefined where no pattern fits. */
  read(reader: PatternReader, start: number): ReturnType<PatternReader['read']> {
    if (this.#lost > MOST_LOST) return undefined
    for (const program of this.#programs) {
      const read = this.#readBy(program, reader, start)
      if (read === undefined) continue
      if (program !== this.#programs[0]) this.#putFirst(program)
      this.#lost = Math.max(this.#lost - SAVED, -MOST_LOST)
      return read
    }
    return undefined
  }

  /** Learns from a row that lies between these places, and that `JSON.parse` has read. */
  learn(reader: PatternReader, body: Uint8Array, start: number, end: number): void {
    if (this.#lost > MOST_LOST || body[start] !== OPENING_BRACE) return
    this.#lost += LEARNING
    const pattern = learnPattern(body.subarray(start, end), this.#projection)
    const program = pattern && PatternReader.programOf(pattern)
    // An escape in it, say, and it does not even read the row that it was learnt from.
    if (program !== undefined && this.#readBy(program, reader, start) !== undefined) this.#putFirst(program)
  }

  #readBy(program: Program, reader: PatternReader, start: number): ReturnType<PatternReader['read']> {
    const read = reader.read(program, start)
    const id = read?.value[this.#idKey]
    if (typeof id === 'string' && id !== '') return read
    this.#lost += 1
    return undefined
  }

  #putFirst(program: Program): void {
    const others = this.#programs.filter((other) => other !== program)
    this.#programs = [program, ...others.slice(0, MOST_PATTERNS - 1)]
  }
}
