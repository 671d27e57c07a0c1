import { setImmediate, setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { listAll } from '../../../../lib/huawei/list-all.ts'
import type { PageQuery } from '../../../../lib/huawei/listing/listing.ts'
import { parseTime } from '../../../../lib/parse-time.ts'
import type { Instant } from '../../../../lib/time.ts'

const HORIZON = parseTime('2026-03-14T09:26:53.589793') as Instant
const SECOND = 1_000_000

interface Row {
  readonly id: string
  readonly createdAt: Instant | undefined
}

const dated = (id: string, secondsAgo: number): Row => ({
  id,
  createdAt: (HORIZON - secondsAgo * SECOND) as Instant,
})

/** An honest API, but that a row without a time stands in the middle of its list; another becomes visible while the last minutes are read again. */
function cloudWithHiddenRow() {
  const rows = Array.from({ length: 20 }, (_, index) => dated(`row-${index}`, 100_000 - index * 1000))
  let isClosing = false
  return async ({ parameters }: PageQuery) => {
    const asked = new Map(parameters)
    const isPage = asked.get('limit') !== '1'
    if (isClosing && isPage && rows.length === 20) {
      // After the counts that were asked for at the same time.
      await setTimeout(10)
      rows.push(dated('late', 60))
    }
    const timeOf = (name: string, otherwise: number) => parseTime(asked.get(name) ?? '') ?? otherwise
    const [from, to] = [timeOf('start_time', 0), timeOf('end_time', Number.POSITIVE_INFINITY)]
    const shown = rows.filter(({ createdAt = 0 }) => createdAt >= from && createdAt <= to)
    if (!asked.has('start_time') && !asked.has('end_time'))
      shown.splice(10, 0, { id: 'hidden', createdAt: undefined })
    if (asked.get('sort') === 'created_at:desc') shown.reverse()
    const offset = Number(asked.get('offset') ?? 0)
    const page = shown.slice(offset, offset + Number(asked.get('limit')))
    await setImmediate()
    isClosing ||= isPage
    return { rows: page, count: shown.length, limit: undefined }
  }
}

describe('the end of a listing', () => {
  it.each([1, 2, 8])(
    'finds a row that time filters hide, although another one made up for it in the counts, with %i requests at once',
    async (concurrency) => {
      const listing = listAll<Row>({
        fetchPage: cloudWithHiddenRow(),
        keyOf: (row) => row,
        horizon: HORIZON,
        concurrency,
      })
      const seen: string[] = []
      for await (const rows of listing) seen.push(...rows.map(({ id }) => id))
      expect(listing.outcome().incompleteBecause).toEqual([])
      expect(seen.toSorted()).toEqual(
        ['hidden', 'late', ...Array.from({ length: 20 }, (_, n) => `row-${n}`)].toSorted(),
      )
    },
  )

  it('doubts a page of rows without a time that comes twice instead of the next one', async () => {
    const rows = Array.from(
      { length: 120 },
      (_, index): Row => ({ id: `row-${index}`, createdAt: undefined }),
    )
    const fetchPage = async ({ parameters }: PageQuery) => {
      const asked = new Map(parameters)
      const isFiltered = asked.has('start_time') || asked.has('end_time')
      // The offset is lied about.
      const page = isFiltered ? [] : rows.slice(0, Number(asked.get('limit')))
      return { rows: page, count: isFiltered ? 0 : rows.length, limit: undefined }
    }
    const listing = listAll<Row>({
      fetchPage,
      keyOf: (row) => row,
      horizon: HORIZON,
      concurrency: 8,
      pageLimit: 100,
    })
    for await (const _batch of listing);
    expect(listing.outcome().incompleteBecause.join()).toContain('the same ones once more')
  })
})
