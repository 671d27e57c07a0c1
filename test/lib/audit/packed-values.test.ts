import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PackedValues } from '../../../lib/audit/packed-values.ts'

/** Short ones, and those around the length of a chunk and twice that. */
const lengths = fc.oneof(
  fc.nat(200),
  fc.integer({ min: 262_100, max: 262_180 }),
  fc.integer({ min: 500_000, max: 530_000 }),
)

describe('lists of values beside the heap', () => {
  it('are what was put last into their place, whatever their lengths', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(lengths, fc.boolean()), { maxLength: 25 }), (puts) => {
        const values = new PackedValues()
        const model = new Map<number, string>()
        let last = 0
        for (const [length, isAgain] of puts) {
          const text = String.fromCharCode(97 + (model.size % 26)).repeat(length)
          last = values.put([text, length], isAgain ? last : 0)
          expect(last).toBeGreaterThan(0)
          model.set(last, text)
        }
        for (const [place, text] of model) {
          const [first, second] = values.get(place)
          expect(first === text && second === text.length).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('have places that count by four bytes, those of their headers too, so that 17 GB of them fit 32 bits', () => {
    const values = new PackedValues()
    // Each takes 4 bytes for its room and 2 for its length, a short text 2 more, and a long one 8.
    const places = ['x'.repeat(20), '', 'x'.repeat(8), 'x'.repeat(9), true].map((value) =>
      values.put([value]),
    )
    expect(places).toEqual([1, 8, 10, 14, 19])
    const lengthy = Array.from({ length: 5000 }, () => values.put(['x'.repeat(200)]))
    expect(lengthy.at(-1)).toBeLessThan((5001 * 212 + 5 * 212) / 4)
  })

  it('give their memory back when they are forgotten, and take others then', () => {
    const values = new PackedValues()
    // What is longer than a chunk leaves a gap before it.
    values.put(['x'.repeat(300_000)])
    const fill = () => Array.from({ length: 10_000 }, (_, row) => values.put([`${row}`.padEnd(100), row]))
    fill()
    const fullBytes = process.memoryUsage().arrayBuffers
    values.put(['x'.repeat(300_000), 0])
    values.clear()
    expect(fullBytes - process.memoryUsage().arrayBuffers).toBeGreaterThan(1_000_000)
    expect(fill().map((place) => values.get(place)[1])).toEqual(
      Array.from({ length: 10_000 }, (_, row) => row),
    )
  })
})
