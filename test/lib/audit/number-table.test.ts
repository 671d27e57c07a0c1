import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FingerprintLog } from '../../../lib/audit/fingerprint-log.ts'
import { NumberTable } from '../../../lib/audit/number-table.ts'

const LARGEST = 2 ** 32 - 1

describe('A table of numbers', () => {
  it('keeps the last number of each cell, and 0 where there was none, whatever columns it has', () => {
    const someCell = fc.record({
      row: fc.nat({ max: 5000 }),
      column: fc.nat({ max: 6 }),
      whole: fc.oneof(fc.nat({ max: LARGEST }), fc.constantFrom(0, 2 ** 31, LARGEST)),
      any: fc.oneof(fc.double(), fc.integer({ min: 0, max: 4e15 })),
    })
    const kinds = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(kinds, fc.array(someCell, { maxLength: 200, size: 'max' }), (areWide, cells) => {
        const table = new NumberTable()
        const columns = areWide.map((isWide) => (isWide ? table.wideColumn() : table.column()))
        const known = new Map<string, number>()
        for (const { row, column, whole, any } of cells) {
          const value = areWide[column] === true ? any : whole
          columns[column]?.set(row, value)
          known.set(`${row} ${column}`, value)
        }
        for (const row of [0, 1, 1023, 1024, 9999, ...cells.map((cell) => cell.row)])
          columns.forEach((column, index) => {
            expect(column.at(row)).toBe(known.get(`${row} ${index}`) ?? 0)
          })
      }),
    )
  })

  it('refuses in a column of whole numbers what it would have to cut', () => {
    const column = new NumberTable().column()
    column.set(3, LARGEST)
    for (const value of [LARGEST + 1, 2 ** 53, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => column.set(3, value)).toThrow(RangeError)
    expect(column.at(3)).toBe(LARGEST)
  })

  it('has no more columns than it had when the first number was set', () => {
    const table = new NumberTable()
    table.column().set(0, 1)
    expect(() => table.column()).toThrow(RangeError)
    expect(() => table.wideColumn()).toThrow(RangeError)

    // Here a word before the double would be free.
    const other = new NumberTable()
    const [narrow] = [other.column(), other.wideColumn()]
    narrow.set(0, 1)
    expect(() => other.column()).toThrow(RangeError)
  })
})

describe('A log of fingerprints', () => {
  it('keeps many lists apart, and sorts each, over the ends of its chunks', () => {
    const log = new FingerprintLog()
    const lists: number[][] = Array.from({ length: 7 }, () => [])
    const ends = lists.map(() => 0)
    for (let index = 0; index < 200_000; index += 1) {
      const [list, print] = [(index * 31) % 7, (200_000 - index) * 4]
      lists[list]?.push(print)
      ends[list] = log.add(print, ends[list] ?? 0)
    }
    expect([...log.sorted(0)]).toEqual([])
    for (const [list, end] of ends.entries())
      expect(Buffer.compare(bytesOf(log.sorted(end)), bytesOf(lists[list]?.toReversed() ?? []))).toBe(0)
  })
})

function bytesOf(prints: Iterable<number>): Buffer {
  return Buffer.from(Float64Array.from(prints).buffer)
}
