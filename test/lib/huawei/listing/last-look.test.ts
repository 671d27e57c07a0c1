import { describe, expect, it } from 'vitest'
import { listAll } from '../../../../lib/huawei/list-all.ts'
import type { PageQuery } from '../../../../lib/huawei/listing/listing.ts'
import { parseTime } from '../../../../lib/parse-time.ts'
import type { Instant } from '../../../../lib/time.ts'
import { HORIZON } from '../../../support/moving-collection.ts'
import { createVirtualClock } from '../../../support/virtual-clock.ts'

const MINUTE = 60e6
const [PAGE_MS, COUNT_MS] = [200, 50]

interface Row {
  readonly id: string
  readonly createdAt: Instant
}

/** A request, and when it was under way. */
interface Asked {
  readonly limit: number
  readonly sort: string | undefined
  readonly from: number
  readonly to: number
  readonly askedMs: number
  answeredMs: number
}

/** How many minutes before the horizon a row was made. */
type Age = (index: number) => number

const evenly: Age = (index) => (3000 - index) * 4
const moreAndMore: Age = (index) => ((3000 - index) / 3000) ** 2 * 500_000

/** Which rows an answer is made of. */
type Shows = (found: Row[], one: Asked, asked: readonly Asked[]) => Row[]

/** A cloud whose counts come sooner than its pages; `onCount` is told of each count once it was taken. */
function createCloud(
  age: Age,
  onCount: (cloud: { rows: Row[]; asked: Asked[] }) => void = () => {},
  shows: Shows = (found) => found,
) {
  const clock = createVirtualClock()
  const asked: Asked[] = []
  const rows = Array.from({ length: 3000 }, (_, index) => ({
    id: `row-${index}`,
    createdAt: Math.floor(HORIZON - age(index) * MINUTE) as Instant,
  }))
  const fetchPage = async ({ parameters }: PageQuery) => {
    const given = new Map(parameters)
    const [from, to] = ['start_time', 'end_time'].map((name) => parseTime(given.get(name) ?? ''))
    const limit = Number(given.get('limit'))
    const one: Asked = {
      limit,
      sort: given.get('sort'),
      from: from ?? Number.NEGATIVE_INFINITY,
      to: to ?? Number.POSITIVE_INFINITY,
      askedMs: clock.nowMs(),
      answeredMs: Number.POSITIVE_INFINITY,
    }
    asked.push(one)
    await clock.sleep(limit === 1 ? COUNT_MS : PAGE_MS)
    const found = shows(matching(rows, one), one, asked)
    const sorted = one.sort === 'created_at:desc' ? found.toReversed() : found
    const offset = Number(given.get('offset') ?? 0)
    const page = { rows: sorted.slice(offset, offset + limit), count: found.length, limit: undefined }
    if (limit === 1) onCount({ rows, asked })
    one.answeredMs = clock.nowMs()
    return page
  }
  return { fetchPage, clock, asked, rows }
}

function matching(rows: readonly Row[], { from, to }: Pick<Asked, 'from' | 'to'>): Row[] {
  return rows.filter(({ createdAt }) => createdAt >= from && createdAt <= to)
}

async function list({ fetchPage, clock }: ReturnType<typeof createCloud>, concurrency = 16) {
  const options = { fetchPage, keyOf: (row: Row) => row, horizon: HORIZON, concurrency, pageLimit: 100 }
  const listing = listAll<Row>(options)
  const seen: string[] = []
  const readAll = async () => {
    for await (const batch of listing) seen.push(...batch.map(({ id }) => id))
  }
  await clock.run(readAll())
  return { seen, outcome: listing.outcome() }
}

/** The pages that were under way when the last quarter of an hour was read for the second time. */
function underWayAtLastLook({ asked }: ReturnType<typeof createCloud>): readonly Asked[] {
  const look = asked.findLast(({ limit, from }) => limit === 100 && from > HORIZON - 16 * MINUTE)
  if (look === undefined) return expect.unreachable('the last minutes were not read again')
  return asked.filter(
    ({ limit, from, askedMs, answeredMs }) =>
      limit === 100 && askedMs <= look.askedMs && answeredMs > look.askedMs && from < look.from,
  )
}

describe('the last look at a list', () => {
  it('need not be waited for: the newest window is the first to be read', async () => {
    const cloud = createCloud(evenly)
    await list(cloud)
    expect(cloud.asked.find(({ limit }) => limit === 100)?.to).toBeGreaterThanOrEqual(HORIZON)
  })

  it('begins when the newest window was read, while the last pages of others are under way', async () => {
    const cloud = createCloud(evenly)
    const { seen, outcome } = await list(cloud)
    expect([seen.length, outcome.incompleteBecause]).toEqual([3000, []])
    const underWay = underWayAtLastLook(cloud)
    expect(underWay.length).toBeGreaterThan(0)
    for (const page of underWay) expect(matching(cloud.rows, page).length).toBeLessThan(100)
  })

  it('waits for the newest window, however much longer that takes than the others', async () => {
    const cloud = createCloud(moreAndMore)
    const { seen, outcome } = await list(cloud)
    expect([seen.length, outcome.incompleteBecause]).toEqual([3000, []])
    for (const { to } of underWayAtLastLook(cloud)) expect(to).toBeLessThan(HORIZON - 15 * MINUTE)
  })

  it('counts once more where a backup was counted, and deleted before its page was read', async () => {
    const deleted: string[] = []
    const cloud = createCloud(evenly, ({ rows, asked }) => {
      const lastPage = asked.findLast(
        ({ limit, to, answeredMs }) =>
          limit === 100 && to < HORIZON - 15 * MINUTE && answeredMs === Number.POSITIVE_INFINITY,
      )
      const counts = asked.filter(
        ({ limit, answeredMs }) => limit === 1 && answeredMs < Number.POSITIVE_INFINITY,
      )
      if (lastPage === undefined || deleted.length > 0 || counts.length < 3) return
      const gone = matching(rows, lastPage).at(-10) ?? expect.unreachable()
      rows.splice(rows.indexOf(gone), 1)
      deleted.push(gone.id)
    })
    const { seen, outcome } = await list(cloud)
    expect(deleted).toHaveLength(1)
    expect(seen).not.toContain(deleted[0])
    expect([seen.length, outcome.incompleteBecause]).toEqual([2999, []])
  })

  it.each([1, 2, 8, 16])(
    'calls missing what pages and their counts hide and the first count shows, whatever a later one says: %i at once',
    async (concurrency) => {
      const isSettledCount = ({ limit, to }: Asked) => limit === 1 && to < Number.POSITIVE_INFINITY
      // A replica that never got it answers pages, and counts from the third on.
      const shows: Shows = (found, one, asked) =>
        one.limit === 1 && asked.filter(isSettledCount).indexOf(one) < 2
          ? found
          : found.filter(({ id }) => id !== 'row-1500')
      const { seen, outcome } = await list(createCloud(evenly, undefined, shows), concurrency)
      expect(seen).not.toContain('row-1500')
      expect(outcome.incompleteBecause.join()).toContain('were listed')
    },
  )

  it.each([3, 4, 8, 16])('has no more than %i requests under way where so many may be', async (most) => {
    const cloud = createCloud(evenly)
    await list(cloud, most)
    const changes = cloud.asked.flatMap(({ askedMs, answeredMs }) => [
      [askedMs, 1] as const,
      [answeredMs, -1] as const,
    ])
    let underWay = 0
    // Of one moment, ends come first.
    for (const [, change] of changes.toSorted((one, other) => one[0] - other[0] || one[1] - other[1])) {
      underWay += change
      expect(underWay).toBeLessThanOrEqual(most)
    }
  })

  it('shows a backup that became visible late', async () => {
    const cloud = createCloud(evenly, ({ rows, asked }) => {
      if (asked.length > 10 && rows.length === 3000)
        rows.push({ id: 'late', createdAt: (HORIZON - MINUTE) as Instant })
    })
    const { seen, outcome } = await list(cloud)
    expect(seen).toContain('late')
    expect(outcome.incompleteBecause).toEqual([])
    expect(outcome.notes.join()).toContain('1 became visible late')
  })
})
