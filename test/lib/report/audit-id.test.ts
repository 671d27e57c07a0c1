import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAuditId, isAuditId, startOf } from '../../../lib/report/audit-id.ts'
import { fromEpochMs } from '../../../lib/time.ts'

describe('an audit id', () => {
  it('is its start and chance', () => {
    const startedAt = fromEpochMs(Date.UTC(2026, 10, 21, 6, 45, 0, 123))
    expect(createAuditId(startedAt, '3f9a1c2b')).toBe('20261121T064500.123Z-3f9a1c2b')
  })

  it('sorts by time, is a safe key, and tells its start', () => {
    const ms = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2999, 0) })
    fc.assert(
      fc.property(ms, ms, (one, other) => {
        const [first, second] = [
          createAuditId(fromEpochMs(one), 'ff'),
          createAuditId(fromEpochMs(other), '00'),
        ]
        expect(isAuditId(first)).toBe(true)
        expect(startOf(first)).toBe(fromEpochMs(one))
        if (one !== other) expect(first < second).toBe(one < other)
      }),
    )
  })

  it.each(['latest.json', '', '.', '..', 'a/b', '../x', 'a b', '项目', 'x'.repeat(129)])(
    'is never %j',
    (text) => {
      expect(isAuditId(text)).toBe(false)
    },
  )

  it('of another making tells no start', () => {
    expect(startOf('nightly-7')).toBeUndefined()
    expect(startOf('20261341T064500.123Z-ff')).toBeUndefined()
  })
})
