import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitsGlob } from '../../lib/glob.ts'

describe('fitsGlob', () => {
  it.each([
    ['vault-1', 'vault-*', true],
    ['vault-', 'vault-*', true],
    ['a-vault-1', 'vault-*', false],
    ['Vault-1', 'vault-*', false],
    ['', '*', true],
    ['', '', true],
    ['x', '', false],
    ['aba', 'ab*ba', false],
    ['abba', 'ab*ba', true],
    ['a.c', 'a?c', false],
    ['line\nbreak', '*break', true],
    ['x1y2z', 'x*y*z', true],
    ['xyy', 'x*y*z', false],
  ])('%j fits %j: %s', (text, pattern, fits) => {
    expect(fitsGlob(text, pattern)).toBe(fits)
  })

  it('says what the regular expression with the same meaning says', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '\n'), maxLength: 8 })
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 2 })
    // Of any two hardly one fits the other by more than its stars: here one does, or lacks a character or two.
    const fitting = fc
      .tuple(fc.array(fc.tuple(piece, piece), { minLength: 1, maxLength: 5 }), fc.nat(12), fc.nat(2))
      .map(([pieces, at, lacks]) => {
        const text = pieces.map(([own, between], index) => (index === 0 ? own : between + own)).join('')
        return [text.slice(0, at) + text.slice(at + lacks), pieces.map(([own]) => own).join('*')] as const
      })
    fc.assert(
      fc.property(fc.oneof(fc.tuple(short, short), fitting), ([text, pattern]) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'))
        expect(fitsGlob(text, pattern)).toBe(new RegExp(`^${parts.join('[^]*')}$`).test(text))
      }),
      { numRuns: 5000 },
    )
  })

  it('looks a bounded number of times at a text that was made to be slow', () => {
    // With backtracking this would outlast the universe.
    expect(fitsGlob('a'.repeat(50_000), `${'*a'.repeat(100)}*b`)).toBe(false)
  })
})
