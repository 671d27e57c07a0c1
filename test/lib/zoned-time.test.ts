import { describe, expect, it } from 'vitest'
import { mistakeInZonedTime } from '../../lib/zoned-time.ts'

describe('a time with a zone', () => {
  it.each([
    '2026-11-20T06:00:00Z',
    '2024-02-29T06:00:00+08:00',
    '2026-11-20 06:00z',
    '2026-11-20T06:00:00.123456-0330',
  ])('may be written as %s', (text) => expect(mistakeInZonedTime(text)).toBeUndefined())

  it.each([
    ['2026-02-30T00:00:00Z', 'there is no such day'],
    ['2026-13-01T00:00:00Z', 'there is no such day'],
    ['0001-01-01T00:00:00Z', 'years from 1000 to 9999 are allowed'],
    ['2026-11-20T24:00:00Z', 'there is no such time of day'],
    ['2026-11-20T06:00:00+99:00', 'there is no such zone'],
    ['2026-11-20T06:00:00', 'it is no time with a zone'],
    ['2026-11-20', 'it is no time with a zone'],
    ['yesterday', 'it is no time with a zone'],
  ])('is told what is wrong with it: %s', (text, mistake) => expect(mistakeInZonedTime(text)).toBe(mistake))
})
