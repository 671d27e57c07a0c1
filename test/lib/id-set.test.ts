import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hash64 } from '../../lib/hash64.ts'
import { IdSet } from '../../lib/id-set.ts'

describe('IdSet', () => {
  it('answers as a set of strings would', () => {
    const id = fc.oneof(fc.uuid(), fc.string({ maxLength: 3 }))
    fc.assert(
      fc.property(fc.array(id, { maxLength: 60 }), fc.array(id, { maxLength: 20 }), (added, asked) => {
        const [ids, model] = [new IdSet(), new Set<string>()]
        for (const each of added) {
          expect(ids.add(each)).toBe(!model.has(each))
          model.add(each)
        }
        expect(ids.size).toBe(model.size)
        for (const each of [...added, ...asked]) expect(ids.has(each)).toBe(model.has(each))
      }),
    )
  })

  it('keeps all of 200,000 ids as it grows, and takes none twice', () => {
    const ids = new IdSet()
    const idOf = (index: number) => `0daac4c5-6707-4851-97ba-${String(index).padStart(12, '0')}`
    let added = 0
    for (let index = 0; index < 200_000; index += 1) added += ids.add(idOf(index)) ? 1 : 0
    expect([added, ids.size]).toEqual([200_000, 200_000])
    for (let index = 0; index < 200_000; index += 997) {
      expect(ids.add(idOf(index))).toBe(false)
      expect(ids.has(idOf(index + 200_000))).toBe(false)
    }
  })

  it('is the same after it was packed and unpacked', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 200 }), fc.array(fc.string()), (added, asked) => {
        const ids = new IdSet()
        for (const each of added) ids.add(each)
        const unpacked = IdSet.unpacked(JSON.parse(JSON.stringify(ids.packed())))
        expect(unpacked.size).toBe(ids.size)
        for (const each of [...added, ...asked]) expect(unpacked.has(each)).toBe(ids.has(each))
      }),
    )
  })

  it('packs many ids into texts of 32 kB, 11 bytes for each', () => {
    const ids = new IdSet()
    for (let index = 0; index < 10_000; index += 1) ids.add(`backup-${index}`)
    const texts = ids.packed()
    expect(texts.map(({ length }) => length)).toEqual([32_000, 32_000, 32_000, 10_668])
    expect(IdSet.unpacked(texts).size).toBe(10_000)
  })

  it('holds the empty id', () => {
    const ids = new IdSet()
    expect([ids.has(''), ids.add(''), ids.has(''), ids.add('')]).toEqual([false, true, true, false])
  })
})

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
