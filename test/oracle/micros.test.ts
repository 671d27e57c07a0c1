import { describe, expect, it } from 'vitest'
import { hoursBetween, readMicros, writeMicros, writeReportTime } from './micros.ts'

const NOON = 1_748_779_200_000_000n

describe('readMicros', () => {
  it.each([
    ['2025-06-01T12:00:00', NOON],
    ['2025-06-01T12:00:00Z', NOON],
    ['2025-06-01T12:00:00+00:00', NOON],
    ['2025-06-01T20:00:00+08:00', NOON],
    ['2025-06-01T06:30:00-05:30', NOON],
    ['2025-06-01T12:00:00.114', NOON + 114_000n],
    ['2025-06-01T12:00:00.1', NOON + 100_000n],
    ['2025-06-01T12:00:00.951164', NOON + 951_164n],
    ['2025-06-01T20:00:00.000001+08:00', NOON + 1n],
  ])('reads %s in UTC to the microsecond', (stamp, at) => {
    expect(readMicros(stamp)).toBe(at)
  })

  it.each([
    '',
    'soon',
    '2025-06-01',
    '2025-02-29T00:00:00',
    '2025-06-01T24:00:00',
    '2025-06-01T12:00:00.1234567',
    1_748_779_200,
    null,
    undefined,
    {},
  ])('reads nothing from %j', (value) => {
    expect(readMicros(value)).toBeUndefined()
  })
})

describe('writeMicros', () => {
  it('comes back through every notation that loses nothing', () => {
    for (const zone of ['', 'Z', '+00:00', '+08:00'] as const) {
      expect(readMicros(writeMicros(NOON + 123_456n, { digits: 6, zone }))).toBe(NOON + 123_456n)
      expect(readMicros(writeMicros(NOON + 123_000n, { digits: 3, zone }))).toBe(NOON + 123_000n)
      expect(readMicros(writeMicros(NOON, { digits: 0, zone }))).toBe(NOON)
    }
  })

  it('floors what a report says', () => {
    expect(writeReportTime(NOON + 999_999n)).toBe('2025-06-01T12:00:00.999Z')
    expect(hoursBetween(NOON, NOON + 36_000_000n)).toBe(0.01)
    expect(hoursBetween(NOON, NOON + 35_999_999n)).toBe(0)
    expect(hoursBetween(NOON, NOON + 26n * 3_600_000_000n - 1n)).toBe(25.99)
  })
})
