import { expect, it } from 'vitest'
import { verdictOn } from './goal.ts'

it.each([
  ['at most', 1.5, 1.5, 'met'],
  ['at most', 1.5, 1.6, 'met, with 1.07 × the bound'],
  ['at most', 1.5, 1.7, '**missed**'],
  ['at least', 8, 8.1, 'met'],
  ['at least', 8, 7.5, 'met, with 1.07 × the bound'],
  ['at least', 8, 7, '**missed**'],
] as const)(
  'a bound of %s %d is held against %d with a tenth of tolerance',
  (is, bound, measured, verdict) => {
    expect(verdictOn({ what: '', bound, is, measured })).toBe(verdict)
  },
)
