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

const HYPHEN = 0x2d
const HEX = Buffer.from('0123456789abcdef', 'latin1')
const uuidDigits = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1')

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
      const words = Buffer.alloc(Math.ceil(digits / 8) * 4)
      for (let at = 0; at < words.length; at += 4) words.writeUInt32BE(throwWord(), at)
      return words.toString('hex').slice(0, digits)
    },
    uuid: () => {
      const digits = uuidDigits
      for (let word = 0, at = 0; word < 4; word++) {
        let bits = throwWord()
        if (word === 1) bits = (bits & 0xffff0fff) | 0x4000
        if (word === 2) bits = (bits & 0x3fffffff) | 0x80000000
        for (let shift = 28; shift >= 0; shift -= 4) {
          if (digits[at] === HYPHEN) at++
          digits[at++] = HEX[(bits >>> shift) & 15] ?? 0
        }
      }
      // Decoded from bytes, the string is flat: one glued from pieces takes five times the memory, and stories keep millions.
      return digits.toString('latin1', 0, 36)
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
