import { describe, expect, it } from 'vitest'
import { describeMalformed, nameOfRecord } from '../../../lib/huawei/fields.ts'

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

describe('describeMalformed', () => {
  it('says what was found in place of each field, clipped and without what may be a secret', () => {
    const wire = { id: 'b-1', created_at: 'yesterday', status: { token: 'x'.repeat(99) } }
    expect(describeMalformed('backup', wire, 'id')).toBe(
      'backup "b-1" has no readable created_at (found "yesterday"), status (found {"token":[redacted]})',
    )
    const deep: unknown = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000))
    expect(
      describeMalformed('backup', { id: deep, created_at: '2026-11-21T06:00:00Z', status: 'x' }, 'id'),
    ).toBe('a backup without a name has no readable id (found something nested too deeply)')
    expect(describeMalformed('backup', {}, 'id')).toBe(
      'a backup without a name has no readable id (found nothing), created_at (found nothing), status (found nothing)',
    )
  })
})
