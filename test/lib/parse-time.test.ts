import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { parseTime } from '../../lib/parse-time.ts'
import { formatTime, type Instant, toEpochMs } from '../../lib/time.ts'

const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

const us = (text: string) => parseTime(text) as number

describe('parseTime', () => {
  it.each(['UTC', 'Asia/Shanghai', 'America/New_York'])(
    'reads a time without a zone as UTC in %s',
    (timeZone) => {
      process.env.TZ = timeZone
      const expected = Date.UTC(2025, 2, 25, 6, 32, 7) * 1000 + 951_164
      expect(us('2025-03-25T06:32:07.951164')).toBe(expected)
      expect(us('2025-03-25 06:32:07.951164')).toBe(expected)
      expect(us('2025-03-29T06:32:07.951164')).toBe(expected + 4 * 86_400_000_000)
      expect(us('2025-03-22')).toBe(Date.UTC(2025, 2, 22) * 1000)
      expect(new Date(2025, 2, 25).getTimezoneOffset()).toBe(
        { UTC: 0, 'Asia/Shanghai': -480 }[timeZone] ?? 240,
      )
    },
  )

  it.each([
    ['2018-04-15T22:00:00.780Z', '2018-04-15T22:00:00.780Z'],
    ['2025-05-24 08:45:56', '2025-05-24T08:45:56.000Z'],
    ['2025-03-25T06:32:07.951+00:00', '2025-03-25T06:32:07.951Z'],
    ['2025-03-25T06:32:07.951164+08:00', '2025-03-24T22:32:07.951Z'],
    ['2025-03-25T06:32:07-0330', '2025-03-25T10:02:07.000Z'],
    ['2025-03-25T06:32Z', '2025-03-25T06:32:00.000Z'],
    ['2024-02-29T00:00:00,5', '2024-02-29T00:00:00.500Z'],
    ['2025-03-25T06:32:07.999999999', '2025-03-25T06:32:07.999Z'],
    ['9999-12-31T23:59:59.999999', '9999-12-31T23:59:59.999Z'],
    ['1000-01-01T00:00:00.000001', '1000-01-01T00:00:00.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(formatTime(parseTime(text) ?? (Number.NaN as Instant))).toBe(expected)
  })

  it.each([
    '',
    'now',
    '2025',
    '2025-3-5',
    '2025-02-29T00:00:00',
    '2025-13-01T00:00:00',
    '2025-00-01T00:00:00',
    '2025-01-00T00:00:00',
    '2025-04-31',
    '0999-12-31T00:00:00',
    '2025-01-01T24:00:00',
    '2025-01-01T23:60:00',
    '2025-01-01T23:59:60',
    '2025-01-01T00:00:00.',
    '2025-01-01T00:00:00.Z',
    '2025-01-01T00:00:00.12a',
    '2025-01-01T00:00:00.1234567890',
    '2025-01-01T00:00:00+19:00',
    '2025-01-01T00:00:00+08:60',
    '2025-01-01T00:00:00ZZ',
    '2025-01-01T00:00:00Z ',
    ' 2025-01-01T00:00:00Z',
    '2025-01-01T00:0-:00',
    '1700000000000',
  ])('reads no time in %j', (text) => {
    expect(parseTime(text)).toBeUndefined()
  })

  const instant = fc
    .integer({ min: Date.UTC(1685, 0), max: Date.UTC(2255, 0) })
    .chain((ms) => fc.integer({ min: 0, max: 999 }).map((rest) => ({ ms, rest })))

  it('keeps every microsecond, however it is written', () => {
    fc.assert(
      fc.property(instant, fc.constantFrom('', 'Z', '+00:00', '-0000'), ({ ms, rest }, suffix) => {
        const text = new Date(ms).toISOString().slice(0, -1) + String(rest).padStart(3, '0')
        expect(us(text + suffix)).toBe(ms * 1000 + rest)
        expect(us(text.replace('T', ' ') + suffix)).toBe(ms * 1000 + rest)
      }),
    )
  })

  it('cuts a fraction short or long to the microsecond', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,9}$/), (fraction) => {
        const whole = us('2025-03-25T06:32:07')
        const expected = Number(fraction.padEnd(6, '0').slice(0, 6))
        for (const suffix of ['', 'Z', '+00:00'])
          expect(us(`2025-03-25T06:32:07.${fraction}${suffix}`) - whole).toBe(expected)
      }),
    )
  })

  it('takes off the offset of a zone', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -1080, max: 1080 }), ({ ms }, minutes) => {
        const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1)
        const size = Math.abs(minutes)
        const offset = [Math.floor(size / 60), size % 60]
          .map((part) => String(part).padStart(2, '0'))
          .join(':')
        expect(us(`${local}${minutes < 0 ? '-' : '+'}${offset}`)).toBe(ms * 1000)
      }),
    )
  })

  it('agrees with formatTime to the millisecond in all years of four digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1000, 0), max: Date.UTC(9999, 11, 31) }), (ms) => {
        const text = new Date(ms).toISOString()
        expect(formatTime(us(text) as Instant)).toBe(text)
        expect(formatTime(us(text.replace('Z', '999')) as Instant)).toBe(text)
      }),
    )
  })

  it('takes for a time what Date gives back as it was, and nothing else', () => {
    // Each part goes a little beyond its limits: few texts of any digits would be a time.
    const upTo = (max: number, ...often: readonly number[]) =>
      fc
        .oneof({ weight: 4, arbitrary: fc.nat({ max }) }, fc.constantFrom(max, ...often))
        .map((value) => String(value).padStart(2, '0'))
    const year = fc.oneof(fc.integer({ min: 998, max: 9999 }), fc.constantFrom(1900, 2000, 2023, 2024, 2100))
    const text = fc
      .tuple(
        year,
        upTo(13, 2),
        upTo(32, 28, 29, 30, 31),
        upTo(24),
        upTo(60),
        upTo(60),
        fc.constantFrom('', '.987'),
      )
      .map(
        ([years, month, day, hour, minute, second, fraction]) =>
          `${String(years).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`,
      )
    fc.assert(
      fc.property(text, (stamp) => {
        const ms = Date.parse(stamp)
        // Date makes the 1st of March of the 30th of February.
        const isTime = stamp >= '1000' && new Date(ms || 0).toISOString().startsWith(stamp.slice(0, 19))
        const read = parseTime(stamp)
        expect([stamp, read && toEpochMs(read)]).toEqual([stamp, isTime ? ms : undefined])
      }),
      { numRuns: 5000 },
    )
  })
})
