import { expect, it } from 'vitest'
import type { Fault } from '../../../lib/errors.ts'
import { fromEpochMs } from '../../../lib/time.ts'
import { readAuditOrder } from '../../../lib/workflow/audit-order.ts'

it('an as_of in the future is named beside all other mistakes of an order', () => {
  try {
    readAuditOrder(
      { as_of: '2099-01-01T00:00:00Z', vault_id: 5, when: 1 },
      { now: fromEpochMs(0), places: [] },
    )
    expect.unreachable()
  } catch (error) {
    const { code, mistakes } = error as Fault
    expect(code).toBe('invalid_request')
    expect(mistakes.map(({ pointer }) => pointer).sort()).toEqual(['/as_of', '/vault_id', '/when'])
  }
})
