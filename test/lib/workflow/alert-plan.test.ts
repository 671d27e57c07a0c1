import { describe, expect, it } from 'vitest'
import { NO_PAST, planAlert } from '../../../lib/workflow/alert-plan.ts'

const RULES = [{ source: 'alertmanager', match: {}, audit: {} }] as const

const alarm = (identity: string, startedAt: string) => ({
  identity,
  startedAt,
  isFiring: true,
  name: identity,
  fields: {},
})

describe('planAlert', () => {
  it.each([
    ['an offset', '2026-11-28T10:00:00+08:00', '2026-11-28T03:00:00Z'],
    ['a fraction', '2026-11-28T10:00:00Z', '2026-11-28T10:00:00.5Z'],
    ['a fraction of another length', '2026-11-28T10:00:00.9Z', '2026-11-28T10:00:00.91+00:00'],
    ['no time at all', 'yesterday', '1999-12-31T23:59:59Z'],
  ])(
    'names the order of a group for the alarm that started last, whatever the spelling: %s',
    (_name, earlier, later) => {
      for (const alarms of [
        [alarm('a', earlier), alarm('b', later)],
        [alarm('b', later), alarm('a', earlier)],
      ])
        expect(
          planAlert('alertmanager', alarms, { rules: [...RULES] }, NO_PAST).orders.map(
            (order) => order.alarm.identity,
          ),
        ).toEqual(['b'])
    },
  )
})
