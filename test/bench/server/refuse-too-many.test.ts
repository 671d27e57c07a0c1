import { expect, it } from 'vitest'
import { rateLimitOf } from '../../../lib/huawei/retry-after.ts'
import { refuseTooMany } from './refuse-too-many.ts'

it('names its limit where Huawei does', () => {
  const { status, pieces } = refuseTooMany({ calls: 40, seconds: 10 })
  const response = { status, headers: {}, body: Buffer.concat(pieces) }
  expect({ status, limit: rateLimitOf(response) }).toEqual({
    status: 429,
    limit: { count: 40, windowMs: 10_000 },
  })
})
