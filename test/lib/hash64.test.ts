import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hash64 } from '../../lib/hash64.ts'

describe('hash64', () => {
  it('spreads ids that differ in little over both lanes', () => {
    const count = 200_000
    const [highs, lows] = [new Set<number>(), new Set<number>()]
    for (let index = 0; index < count; index += 1) {
      const { high, low } = hash64(`backup-${index}`)
      highs.add(high)
      lows.add(low)
    }
    // By chance 5 of 200,000 share a lane of 32 bits.
    expect(count - highs.size).toBeLessThan(50)
    expect(count - lows.size).toBeLessThan(50)
  })

  it('gives unsigned lanes, and others with another seed', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 32 - 1 }), (text, seed) => {
        for (const lane of Object.values(hash64(text, seed))) expect(lane).toBe(lane >>> 0)
        expect(hash64(text, seed)).not.toEqual(hash64(text))
      }),
    )
  })
})
