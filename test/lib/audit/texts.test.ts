import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Texts } from '../../../lib/audit/texts.ts'

/** Short ones, and those around the length of a chunk and twice that. */
const lengths = fc.oneof(
  fc.nat(200),
  fc.integer({ min: 262_100, max: 262_180 }),
  fc.integer({ min: 500_000, max: 530_000 }),
)

describe('texts beside the heap', () => {
  it('are what was put last into their place, whatever their lengths', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(lengths, fc.boolean()), { maxLength: 25 }), (puts) => {
        const texts = new Texts()
        const model = new Map<number, string>()
        let last = 0
        for (const [length, isAgain] of puts) {
          const text = String.fromCharCode(97 + (model.size % 26)).repeat(length)
          last = texts.put(text, isAgain ? last : 0)
          expect(last).toBeGreaterThan(0)
          model.set(last, text)
        }
        for (const [place, text] of model) expect(texts.get(place) === text).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('have places that count by eight bytes, those of their headers too, so that 34 GB of them fit 32 bits', () => {
    const texts = new Texts()
    const places = ['x'.repeat(100), '', 'x'.repeat(16), 'x'].map((text) => texts.put(text))
    expect(places).toEqual([1, 16, 17, 20])
    const lengthy = Array.from({ length: 5000 }, () => texts.put('x'.repeat(200)))
    expect(lengthy.at(-1)).toBeLessThan((5001 * 216 + 5 * 216) / 8)
  })

  it('give their memory back when they are forgotten, and take others then', () => {
    const texts = new Texts()
    const fill = () => Array.from({ length: 10_000 }, (_, row) => texts.put(`${row}`.padEnd(100)))
    fill()
    const fullBytes = process.memoryUsage().arrayBuffers
    texts.clear()
    expect(fullBytes - process.memoryUsage().arrayBuffers).toBeGreaterThan(1_000_000)
    expect(fill().map((place) => Number(texts.get(place)))).toEqual(
      Array.from({ length: 10_000 }, (_, row) => row),
    )
  })

  it('keep characters of any length', () => {
    const texts = new Texts()
    expect(texts.get(texts.put('Größe 备份 😀'))).toBe('Größe 备份 😀')
  })
})
