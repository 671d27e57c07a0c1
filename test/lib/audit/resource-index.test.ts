import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberTable } from '../../../lib/audit/number-table.ts'
import { ResourceIndex } from '../../../lib/audit/resource-index.ts'

const resource = fc.tuple(
  fc.constantFrom('cbr' as const, 'dcs' as const),
  fc.oneof(fc.string({ maxLength: 2 }), fc.string({ unit: 'binary', maxLength: 40 })),
)

describe('an index of resources', () => {
  it('numbers them in the order in which they are met, each service for itself, as a map of texts does', () => {
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 300 }), resource, (met, other) => {
        const index = new ResourceIndex(new NumberTable())
        const model = new Map<string, number>()
        for (const [service, id] of met) {
          const key = JSON.stringify([service, id])
          if (!model.has(key)) model.set(key, model.size)
          expect(index.numberOf(service, id)).toBe(model.get(key))
        }
        expect(index.size).toBe(model.size)
        expect(index.find(...other)).toBe(model.get(JSON.stringify(other)))
      }),
    )
  })

  it('tells apart a hundred thousand', () => {
    const index = new ResourceIndex(new NumberTable())
    for (let number = 0; number < 100_000; number += 1) index.numberOf('cbr', `server-${number}`)
    expect(index.size).toBe(100_000)
    expect(index.find('cbr', 'server-77777')).toBe(77_777)
    expect(index.find('dcs', 'server-77777')).toBeUndefined()
  })
})
