import fc from 'fast-check'
import { expect, it } from 'vitest'
import { figure } from '../../local/figure.ts'

it('writes whole numbers as English does', () => {
  const english = new Intl.NumberFormat('en-US')
  fc.assert(
    fc.property(fc.oneof(fc.nat(), fc.maxSafeInteger()), (count) => {
      expect(figure(count)).toBe(english.format(count))
    }),
  )
})
