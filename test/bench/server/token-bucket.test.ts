import { expect, it } from 'vitest'
import { createTokenBucket } from './token-bucket.ts'

it('takes a full bucket at once, and then as many as the window allows', () => {
  let nowMs = 0
  const take = createTokenBucket({ calls: 20, seconds: 10 }, () => nowMs)
  const taken = (): number => {
    let count = 0
    while (take()) count += 1
    return count
  }
  expect(taken()).toBe(20)
  nowMs = 499
  expect(taken()).toBe(0)
  nowMs = 500
  expect(taken()).toBe(1)
  nowMs = 5500
  expect(taken()).toBe(10)
  nowMs = 60_000
  expect(taken()).toBe(20)
})
