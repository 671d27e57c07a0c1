import { describe, expect, it } from 'vitest'
import { NumberTable } from '../../../lib/audit/number-table.ts'
import { ResourceNames } from '../../../lib/audit/resource-names.ts'

describe('the names of resources', () => {
  it('are sorted by code point, each service for itself, with those met since they were last asked for', () => {
    const names = new ResourceNames(new NumberTable())
    names.numberOf('cbr', 'b')
    names.numberOf('dcs', 'c')
    names.numberOf('cbr', 'a')
    const sorted = (service: 'cbr' | 'dcs') =>
      Array.from(names.sorted(service), (number) => names.idOf(number))
    expect([...names.sorted('cbr')]).toEqual([2, 0])
    expect(sorted('cbr')).toEqual(['a', 'b'])
    names.numberOf('cbr', '\u{1F600}')
    names.numberOf('cbr', '\uFF5E')
    names.numberOf('cbr', 'a')
    expect(sorted('cbr')).toEqual(['a', 'b', '\uFF5E', '\u{1F600}'])
    expect([...names.sorted('dcs')]).toEqual([1])
  })
})
