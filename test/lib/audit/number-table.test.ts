import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberTable } from '../../../lib/audit/number-table.ts'
import { PrintLog } from '../../../lib/audit/print-log.ts'

describe('A table of numbers', () => {
  it('keeps the last number of each cell, and 0 where there was none', () => {
    const someCell = fc.record({ row: fc.nat({ max: 5000 }), column: fc.nat({ max: 2 }), value: fc.double() })
    fc.assert(
      fc.property(fc.array(someCell), (cells) => {
        const table = new NumberTable(3)
        const columns = [table.column(), table.column(), table.column()]
        const known = new Map<string, number>()
        for (const { row, column, value } of cells) {
          columns[column]?.set(row, value)
          known.set(`${row} ${column}`, value)
        }
        for (const row of [0, 1023, 1024, 9999, ...cells.map((cell) => cell.row)])
          columns.forEach((column, index) => {
            expect(column.at(row)).toBe(known.get(`${row} ${index}`) ?? 0)
          })
      }),
    )
  })

  it('has no more columns than it was made with', () => {
    const table = new NumberTable(1)
    table.column()
    expect(() => table.column()).toThrow(RangeError)
  })
})

describe('A log of fingerprints', () => {
  it('keeps many lists apart, the last of each first, over the ends of its chunks', () => {
    const log = new PrintLog()
    const lists: number[][] = Array.from({ length: 7 }, () => [])
    const ends = lists.map(() => 0)
    for (let print = 0; print < 200_000; print += 1) {
      const list = (print * 31) % 7
      lists[list]?.unshift(print * 4)
      ends[list] = log.add(print * 4, ends[list] ?? 0)
      // Unshifting long lists is slow: only the first of them are compared.
      if ((lists[list]?.length ?? 0) > 50) lists[list]?.pop()
    }
    expect(log.list(0)).toEqual([])
    const kept = ends.map((end) => log.list(end))
    expect(kept.map((list) => list.slice(0, 50))).toEqual(lists)
    expect(kept.reduce((sum, { length }) => sum + length, 0)).toBe(200_000)
  })
})
