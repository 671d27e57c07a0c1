import { describe, expect, it } from 'vitest'
import { nearest } from '../../lib/nearest.ts'

describe('nearest', () => {
  it.each([
    ['stroe', 'store'],
    ['polcy', 'policy'],
    ['targets', 'target'],
    ['xyz', undefined],
    ['', undefined],
  ])('takes %j for %j', (word, meant) => {
    expect(nearest(word, ['store', 'policy', 'target', 'json'])).toBe(meant)
  })
})
