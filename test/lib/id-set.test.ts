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

  it('gives its memory back when it is cleared', () => {
    const ids = new IdSet()
    for (let index = 0; index < 50_000; index += 1) ids.add(`backup-${index}`)
    const fullBytes = process.memoryUsage().arrayBuffers
    ids.clear()
    expect(fullBytes - process.memoryUsage().arrayBuffers).toBeGreaterThan(400_000)
  })

  it('answers as a set of strings would however often it grows or room is made, and packed and unpacked on the way', () => {
    const step = fc.tuple(
      fc.oneof(
        { weight: 50, arbitrary: fc.constantFrom('add', 'has') },
        fc.constantFrom('pack', 'reserve', 'clear'),
      ),
      fc.nat(2000),
    )
    fc.assert(
      fc.property(fc.array(step, { minLength: 1000, maxLength: 3000, size: 'max' }), (steps) => {
        let ids = new IdSet()
        const model = new Set<string>()
        for (const [kind, number] of steps) {
          const id = `backup-${number}`
          if (kind === 'pack') ids = IdSet.unpacked(ids.packed())
          else if (kind === 'reserve') ids.reserve(number)
          else if (kind === 'clear' && number < 50) {
            ids.clear()
            model.clear()
          } else if (kind === 'clear') expect(ids.size).toBe(model.size)
          else if (kind === 'has') expect(ids.has(id)).toBe(model.has(id))
          else {
            expect(ids.add(id)).toBe(!model.has(id))
            model.add(id)
          }
        }
        expect(ids.size).toBe(model.size)
        for (let number = 0; number <= 2000; number += 1)
          expect(ids.has(`backup-${number}`)).toBe(model.has(`backup-${number}`))
      }),
      { numRuns: 20 },
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

  it('unpacks ids, which come in the order of their slots, no slower than it met them', () => {
    const ids = new IdSet()
    const begunAt = performance.now()
    for (let index = 0; index < 100_000; index += 1) ids.add(`backup-${index}`)
    const addedIn = performance.now() - begunAt
    const packed = ids.packed()
    // The shortest of some, as one may be interrupted.
    const unpackedIn = [1, 2, 3, 4, 5].map(() => {
      const from = performance.now()
      const unpacked = IdSet.unpacked(packed)
      const took = performance.now() - from
      expect(unpacked.size).toBe(100_000)
      for (let index = 0; index < 100_000; index += 997) expect(unpacked.add(`backup-${index}`)).toBe(false)
      return took
    })
    // Half as long. One by one into a table that grows they crowd at its beginning, and take fifty times as long.
    expect(Math.min(...unpackedIn)).toBeLessThan(5 * addedIn)
  })

  it('goes on with what an earlier version packed', () => {
    const ids = IdSet.unpacked(['SPeyTsGTiIBKGOPlRTS4zgt8Pqsowrbrb4d8snuRRZU='])
    expect(ids.size).toBe(4)
    for (const id of ['0daac4c5-6707-4851-97ba-000000000000', 'backup-1', 'Größe 备份 😀', ''])
      expect(ids.has(id)).toBe(true)
    expect(ids.has('backup-2')).toBe(false)
  })

  it('holds an id of which the lower lane is zero, as that of a free slot', () => {
    const id = '1c4mswv'
    expect(hash64(id).low).toBe(0)
    const ids = new IdSet()
    expect([ids.has(id), ids.add(id), ids.has(id), ids.add(id)]).toEqual([false, true, true, false])
    expect(IdSet.unpacked(ids.packed()).has(id)).toBe(true)
  })

  it('tells ids apart that have the lower lane in common', () => {
    const idOf = new Map<number, string>()
    const twins: string[] = []
    for (let index = 0; twins.length < 8; index += 1) {
      const id = `backup-${index}`
      const { low } = hash64(id)
      const other = idOf.get(low)
      if (other !== undefined) twins.push(other, id)
      idOf.set(low, id)
    }
    for (const order of [twins, twins.toReversed()]) {
      const ids = new IdSet()
      for (const id of order) expect([ids.has(id), ids.add(id), ids.has(id)]).toEqual([false, true, true])
      for (const id of order) expect(ids.add(id)).toBe(false)
    }
  })

  it('holds ids of which all belong into its last slot, and pushes them beyond it', () => {
    const last: string[] = []
    const more: string[] = []
    for (let index = 0; last.length < 200; index += 1)
      if (hash64(`backup-${index}`).low >= 2 ** 32 - 2 ** 20) last.push(`backup-${index}`)
      else if (more.length < 1000) more.push(`backup-${index}`)
    const ids = new IdSet()
    for (const id of [...last, ...more]) expect(ids.add(id)).toBe(true)
    for (const id of [...last, ...more]) expect(ids.add(id)).toBe(false)
    expect(IdSet.unpacked(ids.packed()).size).toBe(1200)
  })

  it('holds the empty id', () => {
    const ids = new IdSet()
    expect([ids.has(''), ids.add(''), ids.has(''), ids.add('')]).toEqual([false, true, true, false])
  })
})
