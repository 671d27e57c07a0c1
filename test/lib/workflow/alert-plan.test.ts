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

  it.each([
    ['grafana', '2026-11-28T11:00:00Z', '2026-11-28T12:00:00+01:00'],
    ['pagerduty', '2026-11-28T11:00:00Z', '2026-11-28T11:00:00.000Z'],
    ['sns', '2026-11-28T11:00:00.123+0000', '2026-11-28T11:00:00.123Z'],
    ['standard-webhooks', '2026-11-28T11:00:00z', '2026-11-28 11:00:00.000'],
  ] as const)(
    'knows the alarm of %s by the moment it began, however that is spelled',
    (source, one, other) => {
      const rules = [{ source, match: {}, audit: {} }]
      const namesOf = (startedAt: string) =>
        planAlert(source, [alarm('a', startedAt)], { rules }, NO_PAST).orders.map(
          ({ operation }) => operation,
        )
      expect(namesOf(one)).toEqual(namesOf(other))
      expect(namesOf(one)).not.toEqual(namesOf('yesterday'))
      expect(namesOf('yesterday')).not.toEqual(namesOf('the day before'))
    },
  )
})
