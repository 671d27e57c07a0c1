import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Worst } from '../../../lib/audit/worst.ts'

interface Item {
  readonly rank: number
  readonly place: number
}

describe('the worst of a stream', () => {
  it('are the first of all when they are sorted, and equals stay in the order in which they came', () => {
    const ranks = fc.array(fc.nat({ max: 9 }), { maxLength: 80 })
    fc.assert(
      fc.property(ranks, fc.integer({ min: 1, max: 6 }), (given, limit) => {
        const compare = (one: Item, other: Item) => one.rank - other.rank
        const items = given.map((rank, place) => ({ rank, place }))
        const worst = new Worst<Item>(limit, compare)
        for (const item of items) worst.add(item)
        expect(worst.list()).toEqual(items.toSorted(compare).slice(0, limit))
      }),
    )
  })
})
