import { learnPattern } from './learn-pattern.ts'
import type { ObjectPattern } from './pattern.ts'
import type { PatternReader } from './pattern-reader.ts'

/** A row that agrees with none is compared with each of them in vain. */
const MOST_PATTERNS = 4
/** Where rows are all different, learning from each of them would cost more than it saves. */
const MOST_LEARNT = 200

/** How the rows of a list are written, learnt from those that `JSON.parse` read. */
export class Patterns {
  readonly #keys: ReadonlySet<string>
  /** The one that was learnt or met last comes first. */
  #patterns: readonly ObjectPattern[] = []
  #learnt = 0

  /** Of a row only what stands under one of these keys will be looked at, at every depth. */
  constructor(keys: ReadonlySet<string>) {
    this.#keys = keys
  }

  /** What is kept of the row that begins here, and where it ends; undefined where no pattern fits. */
  read(reader: PatternReader, start: number): ReturnType<PatternReader['read']> {
    for (const pattern of this.#patterns) {
      const read = reader.read(pattern, start)
      if (read === undefined) continue
      if (pattern !== this.#patterns[0]) this.#putFirst(pattern)
      return read
    }
    return undefined
  }

  /** Learns from the bytes of a row that `JSON.parse` has read. */
  learn(row: Uint8Array): void {
    if (this.#learnt === MOST_LEARNT) return
    this.#learnt += 1
    const pattern = learnPattern(row, this.#keys)
    if (pattern !== undefined) this.#putFirst(pattern)
  }

  #putFirst(pattern: ObjectPattern): void {
    const others = this.#patterns.filter((other) => other !== pattern)
    this.#patterns = [pattern, ...others.slice(0, MOST_PATTERNS - 1)]
  }
}
