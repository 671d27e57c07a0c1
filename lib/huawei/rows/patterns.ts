import { OPENING_BRACE } from './json-bytes.ts'
import { learnPattern } from './learn-pattern.ts'
import type { ObjectPattern } from './pattern.ts'
import type { PatternReader } from './pattern-reader.ts'

/** A row that agrees with none is compared with each of them in vain. */
const MOST_PATTERNS = 4
/** What was done in vain may be that much more than twice what was not; then rows are too different for patterns. */
const MOST_IN_VAIN = 1000

/** How the rows of a list are written, learnt from those that `JSON.parse` read. */
export class Patterns {
  readonly #keys: ReadonlySet<string>
  readonly #idKey: string
  /** The one that was learnt or met last comes first. */
  #patterns: readonly ObjectPattern[] = []
  /** How often something was learnt, or compared, for nothing, less twice the rows that were read. */
  #inVain = 0

  /**
   * Of a row only what stands under one of these keys will be looked at, at every depth; but all of it where there is no id under
   * the one for that, as it is told from others by all that it holds.
   */
  constructor(keys: ReadonlySet<string>, idKey: string) {
    this.#keys = keys
    this.#idKey = idKey
  }

  /** What is kept of the row that begins here, and where it ends; undefined where no pattern fits. */
  read(reader: PatternReader, start: number): ReturnType<PatternReader['read']> {
    for (const pattern of this.#patterns) {
      const read = this.#readBy(pattern, reader, start)
      if (read === undefined) continue
      if (pattern !== this.#patterns[0]) this.#putFirst(pattern)
      this.#inVain = Math.max(this.#inVain - 2, -MOST_IN_VAIN)
      return read
    }
    return undefined
  }

  /** Learns from a row that begins here in these bytes, and that `JSON.parse` has read. */
  learn(reader: PatternReader, body: Uint8Array, start: number): void {
    this.#inVain += 1
    if (this.#inVain > MOST_IN_VAIN) this.#patterns = []
    else if (body[start] === OPENING_BRACE) {
      const pattern = learnPattern(body.subarray(start), this.#keys)
      // An escape in it, say, and it does not even read the row that it was learnt from.
      if (pattern !== undefined && this.#readBy(pattern, reader, start) !== undefined) this.#putFirst(pattern)
    }
  }

  #readBy(pattern: ObjectPattern, reader: PatternReader, start: number): ReturnType<PatternReader['read']> {
    const read = reader.read(pattern, start)
    const id = read?.value[this.#idKey]
    if (typeof id === 'string' && id !== '') return read
    this.#inVain += 1
    return undefined
  }

  #putFirst(pattern: ObjectPattern): void {
    const others = this.#patterns.filter((other) => other !== pattern)
    this.#patterns = [pattern, ...others.slice(0, MOST_PATTERNS - 1)]
  }
}
