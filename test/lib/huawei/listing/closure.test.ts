import { describe, expect, it } from 'vitest'
import { checkUnfiltered } from '../../../../lib/huawei/listing/closure.ts'
import { Session } from '../../../../lib/huawei/listing/session.ts'
import { parseTime } from '../../../../lib/parse-time.ts'
import type { Instant } from '../../../../lib/time.ts'

const HORIZON = parseTime('2026-03-14T09:26:53.589793') as Instant

interface Row {
  readonly id: string
  readonly createdAt: Instant
}

/** What is doubted after a list without filters, in rising order, of which so many rows were seen. */
async function doubtsAfter(seen: number, before: number, after: number): Promise<readonly string[]> {
  const rows = Array.from({ length: seen }, (_, index) => ({
    id: `row-${index}`,
    createdAt: (HORIZON - (seen - index) * 60_000_000) as Instant,
  }))
  const session = new Session<Row>({
    fetchPage: async () => ({ rows, count: seen, limit: undefined }),
    keyOf: (row) => row,
    horizon: HORIZON,
    concurrency: 1,
  })
  await session.read([])
  checkUnfiltered(session, { before, after }, true)
  session.end()
  return session.outcome().incompleteBecause
}

describe('the counts of a list that was read without filters', () => {
  it('are believed where rows were deleted, or made after it was read', async () => {
    expect(await doubtsAfter(90, 100, 90)).toEqual([])
    expect(await doubtsAfter(90, 90, 100)).toEqual([])
  })

  it('tell of rows that are missing where both name more than were seen, in whatever order they came', async () => {
    expect((await doubtsAfter(101, 5501, 5501)).join()).toContain('Only 101 distinct backups')
  })
})
