/** Chance that a seed decides. */
export interface Dice {
  /** A whole number from 0 to just below the limit. */
  below(limit: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  hex(digits: number): string
  uuid(): string
}

/** Dice that fall the same way for the same seed. */
export function rollDice(seed: number): Dice {
  // A 64-bit linear congruential generator (Knuth's MMIX constants), of which only the good upper bits are used.
  let state = BigInt.asUintN(64, BigInt(seed) * 0x9e3779b97f4a7c15n + 1n)
  const next = (): number => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n)
    return Number(state >> 33n)
  }
  for (let warmUp = 0; warmUp < 8; warmUp += 1) next()

  const below = (limit: number): number => next() % limit
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => below(16).toString(16)).join('')
  return {
    below,
    chance: (probability) => next() / 2 ** 31 < probability,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new Error('There is nothing to pick from.')
      return from[below(from.length)] as T
    },
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[below(4)]}${hex(3)}-${hex(12)}`,
  }
}
