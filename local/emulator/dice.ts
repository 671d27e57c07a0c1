/** Chance that can be repeated: the same seed throws the same numbers. */
export interface Dice {
  /** A number in [0, 1). */
  readonly next: () => number
  /** A whole number in [0, bound). */
  readonly below: (bound: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <T>(choices: readonly [T, ...T[]]) => T
  /** So many hexadecimal digits (a multiple of 8). */
  readonly hex: (digits: number) => string
  readonly uuid: () => string
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Dice whose throws depend on nothing but the seed (sfc32, a public-domain generator). */
export function createDice(seed: number): Dice {
  const throwWord = wordsFrom(seed)
  const next = () => throwWord() / 0x1_0000_0000
  const below = (bound: number) => Math.floor(next() * bound)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    hex: (digits) => {
      let text = ''
      while (text.length < digits) text += hexOf(throwWord())
      return text
    },
    uuid: () => {
      const a = hexOf(throwWord())
      const b = hexOf(((throwWord() & 0xffff0fff) | 0x4000) >>> 0)
      const c = hexOf(((throwWord() & 0x3fffffff) | 0x80000000) >>> 0)
      return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${hexOf(throwWord())}`
    },
  }
}

function wordsFrom(seed: number): () => number {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = seed | 0
  let counter = 1
  const throwWord = () => {
    const word = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + word
    return word >>> 0
  }
  // Small seeds differ in few bits: the first throws would look alike.
  for (let round = 0; round < 16; round++) throwWord()
  return throwWord
}

function hexOf(word: number): string {
  return `${BYTES[word >>> 24]}${BYTES[(word >>> 16) & 0xff]}${BYTES[(word >>> 8) & 0xff]}${BYTES[word & 0xff]}`
}
