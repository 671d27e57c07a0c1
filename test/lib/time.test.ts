import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTime } from '../../lib/parse-time.ts'
import {
  after,
  before,
  formatSecond,
  formatTime,
  fromEpochMs,
  fromEpochSeconds,
  hours,
  hoursBetween,
  type Instant,
  minutes,
  parseDuration,
  toEpochMs,
  wholeSecond,
} from '../../lib/time.ts'

const us = (text: string) => parseTime(text) as number

describe('formatTime', () => {
  it('writes what Date writes, of every year', () => {
    const epochMs = fc.oneof(
      fc.integer({ min: Date.UTC(1000, 0), max: Date.UTC(9999, 11, 31) }),
      fc.integer({ min: -8.64e15, max: 8.64e15 }),
    )
    fc.assert(
      fc.property(epochMs, (ms) => {
        const instant = (ms * 1000) as Instant
        // Not of `ms`: from the year 2255 on a number has no room for every microsecond, and may lie beside the one it was made of.
        expect(formatTime(instant)).toBe(new Date(toEpochMs(instant)).toISOString())
      }),
      { numRuns: 1000 },
    )
  })

  it.each(['1000-01-01', '2000-02-29', '2100-02-28', '2100-03-01', '2399-12-31', '2400-02-29', '9999-12-31'])(
    'writes the first and the last moment of %s',
    (date) => {
      for (const text of [`${date}T00:00:00.000Z`, `${date}T23:59:59.999Z`])
        expect(formatTime((Date.parse(text) * 1000) as Instant)).toBe(text)
    },
  )

  it('writes every day of an era of the calendar, and the one after it', () => {
    for (let ms = Date.UTC(1999, 11, 31); ms <= Date.UTC(2400, 0, 2); ms += 86_400_000)
      if (!new Date(ms).toISOString().startsWith(formatTime((ms * 1000) as Instant).slice(0, 10)))
        expect.fail(`wrong at ${new Date(ms).toISOString()}`)
  })

  it('floors to the millisecond, before 1970 too', () => {
    expect(formatTime(us('2025-03-25T06:32:07.951999') as Instant)).toBe('2025-03-25T06:32:07.951Z')
    expect(formatTime(-1 as Instant)).toBe('1969-12-31T23:59:59.999Z')
  })

  it('gives back what a clock gave', () => {
    expect(toEpochMs(fromEpochMs(1_763_640_000_123))).toBe(1_763_640_000_123)
    expect(fromEpochMs(0.0015)).toBe(1)
  })
})

describe('Durations', () => {
  it.each([
    ['26h', 26 * 3600],
    ['90m', 5400],
    ['7d', 7 * 86_400],
    ['30s', 30],
    ['0h', 0],
    ['1.5h', 5400],
    ['0.001s', 0.001],
  ])('read %s as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds * 1_000_000)
  })

  it.each(['', '26', 'h', '26 h', '-1h', '1w', '26H', '1e3s', '1.5', '.5h', '1234567h', '1h30m'])(
    'are not read in %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined()
    },
  )

  it('are added to an instant and taken off it to the microsecond', () => {
    expect(after(us('2025-03-25T06:00:00.000001') as Instant, minutes(65))).toBe(
      us('2025-03-25T07:05:00.000001'),
    )
    expect(before(us('2025-03-25T06:00:00.000001') as Instant, hours(6))).toBe(
      us('2025-03-25T00:00:00.000001'),
    )
  })
})

describe('whole seconds', () => {
  it.each([
    ['1969-12-31T23:59:59.999999Z', -1, '1969-12-31T23:59:59Z'],
    ['1970-01-01T00:00:00Z', 0, '1970-01-01T00:00:00Z'],
    ['2025-03-25T06:32:07.951164Z', 1_742_884_327, '2025-03-25T06:32:07Z'],
  ])('of %s are floored: %d, %s', (text, second, formatted) => {
    const instant = us(text) as Instant
    expect([wholeSecond(instant), formatSecond(instant)]).toEqual([second, formatted])
    expect(fromEpochSeconds(second)).toBe(us(formatted))
  })
})

describe('hoursBetween', () => {
  it.each([
    [0, 0],
    [35_999_999, 0],
    [36_000_000, 0.01],
    [3_599_999_999, 0.99],
    [3_600_000_000, 1],
    [-1, -0.01],
  ])('floors %d µs to %d hours', (lasted, expected) => {
    expect(hoursBetween(0 as Instant, lasted as Instant)).toBe(expected)
  })

  it('is exact at every hundredth of an hour and a microsecond before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000_000 }), (hundredths) => {
        const lasted = hundredths * 36_000_000
        expect(hoursBetween(0 as Instant, lasted as Instant)).toBe(hundredths / 100)
        expect(hoursBetween(0 as Instant, (lasted - 1) as Instant)).toBe((hundredths - 1) / 100)
      }),
    )
  })
})
