import { OPENING_BRACE } from './json-bytes.ts'
import { learnPattern } from './learn-pattern.ts'
import type { LookedAt, ObjectPattern } from './pattern.ts'
import type { PatternReader } from './pattern-reader.ts'

/** A row that agrees with none is compared with each of them in vain. */
const MOST_PATTERNS = 4
/** In comparisons made in vain: what reading a row by its pattern saves, and what learning costs. */
const SAVED = 2
const LEARNING = 30
/** Where so much more was lost than saved, rows are too different for patterns. */
const MOST_LOST = 1000

/** How the rows of a list are written, learnt from those that `JSON.parse` read. */
export class Patterns {
  readonly #lookedAt: LookedAt
  readonly #idKey: string
  /** The one that was learnt or met last comes first. */
  #patterns: readonly ObjectPattern[] = []
  /** What was lost, less what was saved. */
  #lost = 0

  /**
   * Of rows only what is looked at is read. One that has no id under the key for that is left to `JSON.parse`, as it is told from
   * others by all that it holds.
   */
  constructor(lookedAt: LookedAt, idKey: string) {
    this.#lookedAt = lookedAt
    this.#idKey = idKey
  }

  /** What is kept of the row that begins here, and where it ends; undefined where no pattern fits. */
  read(reader: PatternReader, start: number): ReturnType<PatternReader['read']> {
    if (this.#lost > MOST_LOST) return undefined
    for (const pattern of this.#patterns) {
      const read = this.#readBy(pattern, reader, start)
      if (read === undefined) continue
      if (pattern !== this.#patterns[0]) this.#putFirst(pattern)
      this.#lost = Math.max(this.#lost - SAVED, -MOST_LOST)
      return read
    }
    return undefined
  }

  /** Learns from a row that lies between these places, and that `JSON.parse` has read. */
  learn(reader: PatternReader, body: Uint8Array, start: number, end: number): void {
    if (this.#lost > MOST_LOST || body[start] !== OPENING_BRACE) return
    this.#lost += LEARNING
    const pattern = learnPattern(body.subarray(start, end), this.#lookedAt)
    // An escape in it, say, and it does not even read the row that it was learnt from.
    if (pattern !== undefined && this.#readBy(pattern, reader, start) !== undefined) this.#putFirst(pattern)
  }

  #readBy(pattern: ObjectPattern, reader: PatternReader, start: number): ReturnType<PatternReader['read']> {
    const read = reader.read(pattern, start)
    const id = read?.value[this.#idKey]
    if (typeof id === 'string' && id !== '') return read
    this.#lost += 1
    return undefined
  }

  #putFirst(pattern: ObjectPattern): void {
    const others = this.#patterns.filter((other) => other !== pattern)
    this.#patterns = [pattern, ...others.slice(0, MOST_PATTERNS - 1)]
  }
}
