import type { Mistake } from '../../lib/errors.ts'
import type { FlagValues } from '../../local/flags.ts'

/** Reads the values of flags, and collects what is wrong with them. */
export class FlagReader {
  readonly mistakes: Mistake[]
  /** Whether everything was asked for, whatever time it takes. */
  readonly isAll: boolean
  readonly #values: FlagValues

  constructor(values: FlagValues, mistakes: readonly Mistake[]) {
    this.#values = values
    this.mistakes = [...mistakes]
    this.isAll = values.has('all')
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** A whole number of at least `least`. */
  whole(name: string, otherwise: number, least = 1): number {
    return this.wholes(name, [otherwise], least)[0] ?? otherwise
  }

  /** Whole numbers with commas between them. */
  wholes(name: string, otherwise: readonly number[], least = 1): readonly number[] {
    return this.parse(name, otherwise, `a whole number of at least ${least}`, (word) =>
      /^\d{1,9}$/.test(word) && Number(word) >= least ? Number(word) : undefined,
    )
  }

  /** Words out of those allowed, with commas between them. */
  words<Word extends string>(name: string, allowed: readonly Word[]): readonly Word[] {
    return this.parse(name, allowed, `one of ${allowed.join(', ')}`, (word) =>
      allowed.find((candidate) => candidate === word),
    )
  }

  /** What `read` makes of each word; a word of which it makes nothing is a mistake. */
  parse<Value>(
    name: string,
    otherwise: readonly Value[],
    allowed: string,
    read: (word: string) => Value | undefined,
  ): readonly Value[] {
    const words = this.#values.one(name)?.split(',')
    if (words === undefined) return otherwise
    return words.flatMap((word) => {
      const value = read(word)
      if (value !== undefined) return [value]
      this.mistakes.push({
        pointer: `--${name}`,
        detail: `has ${JSON.stringify(word)}; allowed is ${allowed}`,
      })
      return []
    })
  }
}
