import { expect, it } from 'vitest'
import { lasting } from '../../lib/lasting.ts'

it.each([
  [0, 'less than a minute'],
  [0.01, 'less than a minute'],
  [0.02, '1 min'],
  [0.99, '59 min'],
  [1, '1 h'],
  [47.99, '47.9 h'],
  [48, '2 d'],
  [50.5, '2 d 2 h'],
  [24 * 14 + 5, '14 d'],
  [-0.5, '-0.5 h'],
])('%d hours are told as "%s", never longer than they are', (hours, text) => {
  expect(lasting(hours)).toBe(text)
})
