import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareText, distinctTexts } from '../../../lib/audit/order.ts'

describe('compareText', () => {
  it('puts what lies beyond U+FFFF last, where < does not', () => {
    expect(distinctTexts(['\u{1F600}', '\uFFFD', 'a', '\u{1F600}'])).toEqual(['a', '\uFFFD', '\u{1F600}'])
    expect('\u{1F600}' < '\uFFFD').toBe(true)
  })

  it('orders as the code points do', () => {
    // Any two characters hardly ever lie on both sides of where the order of units is another one.
    const edge = fc.constantFrom('a', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{103ff}', '\u{10ffff}')
    const text = fc.oneof(
      fc.string({ unit: edge, maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
    )
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [left, right] = [a, b].map((each) => Buffer.from(each, 'utf8'))
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(left as Buffer, right as Buffer))
      }),
    )
  })
})
