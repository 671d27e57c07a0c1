import { describe, expect, it } from 'vitest'
import { nameOfRecord } from '../../../lib/huawei/fields.ts'

describe('nameOfRecord', () => {
  it.each([
    ['instance', { id: 'i-1' }, 'instance "i-1"'],
    ['instance', { name: 'cache' }, 'an instance named "cache"'],
    ['instance', {}, 'an instance without a name'],
    ['vault', { name: 'gold' }, 'a vault named "gold"'],
  ])('names a record of the kind %s in %j as %s', (kind, wire, name) => {
    expect(nameOfRecord(kind, wire, 'id')).toBe(name)
  })
})
