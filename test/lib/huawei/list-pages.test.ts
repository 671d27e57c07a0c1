import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import { listPages, type PagesOptions } from '../../../lib/huawei/list-pages.ts'
import type { Page } from '../../../lib/huawei/listing/listing.ts'

interface Row {
  readonly backup_id?: string
}

type Serve = (offset: number, limit: number, request: number) => Page<Row>

const rowsUpTo = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ backup_id: `b-${index}` }))

async function list(serve: Serve, options: Partial<PagesOptions<Row>> = {}) {
  let request = 0
  const listing = listPages<Row>({
    fetchPage: ({ parameters }) => {
      const query = new Map(parameters)
      request += 1
      return Promise.resolve(serve(Number(query.get('offset')), Number(query.get('limit')), request))
    },
    idOf: (row) => row.backup_id,
    pageLimit: 100,
    ...options,
  })
  const rows: Row[] = []
  for await (const batch of listing) rows.push(...batch)
  return { rows, outcome: listing.outcome() }
}

const slicing =
  (rows: readonly Row[], total: (page: readonly Row[]) => number | undefined, cap = 1000): Serve =>
  (offset, limit) => {
    const page = rows.slice(offset, offset + Math.min(limit, cap))
    return { rows: page, count: total(page), limit: undefined }
  }

const EMPTY: Page<Row> = { rows: [], count: 0, limit: undefined }

const countingPages = (page: readonly Row[]): number => page.length

/** A list of which the next answer is another one, once, where `isDue` says so. */
function slippingOnce(
  serve: Serve,
  isDue: (offset: number) => boolean,
  slip: (offset: number) => Page<Row>,
): Serve {
  let slips = 0
  return (offset, limit, request) => {
    if (slips > 0 || !isDue(offset)) return serve(offset, limit, request)
    slips += 1
    return slip(offset)
  }
}

describe('a short list', () => {
  it('is read to its end, whatever its total counts and whatever the page size becomes', async () => {
    for (const count of [0, 1, 2, 9, 10, 11, 100, 101, 155, 350]) {
      const all = rowsUpTo(count)
      for (const total of [() => count, (page: readonly Row[]) => page.length, () => undefined])
        for (const cap of [1000, 10]) {
          const { rows, outcome } = await list(slicing(all, total, cap))
          expect(rows).toEqual(all)
          expect(outcome).toMatchObject({ distinct: count, incompleteBecause: [], brokeOff: false })
        }
    }
  })

  it('costs two requests where it fits a page or is empty, and one more where it is empty and looks ahead', async () => {
    for (const looksAhead of [true, false])
      for (const count of [0, 1, 2, 9]) {
        const serve = slicing(rowsUpTo(count), () => count)
        const { outcome } = await list(serve, { looksAhead })
        expect(outcome.requests).toBe(looksAhead && count === 0 ? 3 : 2)
      }
  })

  it('is asked for a thousand rows at once, where nobody says how many', async () => {
    const limits = new Set<string | undefined>()
    const fetchPage: PagesOptions<Row>['fetchPage'] = ({ parameters }) => {
      limits.add(new Map(parameters).get('limit'))
      return Promise.resolve(EMPTY)
    }
    for await (const _ of listPages({ fetchPage, idOf: () => undefined })) expect.unreachable()
    expect([...limits]).toEqual(['1000'])
  })

  it('that is answered empty once is asked for again, whatever the look ahead tells', async () => {
    for (const count of [1, 2, 9])
      for (const looksAhead of [true, false])
        for (const total of [() => count, (page: readonly Row[]) => page.length]) {
          const all = rowsUpTo(count)
          const serve = slicing(all, total)
          let slips = 0
          const { rows, outcome } = await list(
            (offset, limit, request) => {
              slips += offset === 0 ? 1 : 0
              return offset === 0 && slips === 1 ? EMPTY : serve(offset, limit, request)
            },
            { looksAhead },
          )
          expect(rows).toEqual(all)
          expect(outcome.incompleteBecause).toEqual([])
        }
  })

  it('is whole where no row is sent again, if nothing stands behind its last one either', async () => {
    const all = rowsUpTo(9)
    const onceOnly = (offset: number) => ({ rows: offset === 0 ? all : [], count: 9, limit: undefined })
    expect((await list(onceOnly)).outcome).toMatchObject({ distinct: 9, incompleteBecause: [], requests: 3 })

    const capped = await list((offset) => ({ ...onceOnly(offset), count: 12 }))
    expect(capped.outcome).toMatchObject({ brokeOff: true, incompleteBecause: [expect.anything()] })
  })

  it('that counts its pages, which are short, does not end with a page that is empty once', async () => {
    const all = rowsUpTo(25)
    for (const from of [1, 10, 19]) {
      const serve = slippingOnce(
        slicing(all, countingPages, 10),
        (offset) => offset >= from,
        () => EMPTY,
      )
      const { rows, outcome } = await list(serve)
      expect(rows).toEqual(all)
      expect(outcome.incompleteBecause).toEqual([])
    }
  })

  it('that counts its pages, which are short, is not complete where it passes over a row between them', async () => {
    const all = rowsUpTo(25)
    const serve = slicing(all, countingPages, 10)
    const { outcome } = await list((offset, limit, request) =>
      serve(offset > 0 ? offset + 1 : 0, limit, request),
    )
    expect(outcome).toMatchObject({ brokeOff: true })
    expect(outcome.incompleteBecause).toEqual([
      expect.stringContaining('a page did not go on where the one before ended'),
    ])
  })

  it('that counts its pages is read again where one of them misses a row', async () => {
    const all = rowsUpTo(9)
    const { rows, outcome } = await list(
      slippingOnce(
        slicing(all, countingPages),
        () => true,
        () => ({ rows: all.toSpliced(4, 1), count: 8, limit: undefined }),
      ),
    )
    expect(new Set(rows)).toEqual(new Set(all))
    expect(outcome.incompleteBecause).toEqual([])
  })

  it('that gets a row, or loses one, while its end is looked for is whole all the same', async () => {
    const all = rowsUpTo(9)
    for (const later of [[{ backup_id: 'new' }, ...all], all.slice(1), all.slice(0, -1)]) {
      const { rows, outcome } = await list((offset, limit, request) => {
        const now = request === 1 ? all : later
        return slicing(now, () => now.length)(offset, limit, request)
      })
      expect(rows).toEqual(expect.arrayContaining(all))
      expect(outcome).toMatchObject({ incompleteBecause: [], brokeOff: false })
    }
  })

  it('that is in another order each time is whole where a page holds it', async () => {
    const all = rowsUpTo(9)
    const { rows, outcome } = await list((offset, limit, request) =>
      slicing(request % 2 === 0 ? all : all.toReversed(), () => 9)(offset, limit, request),
    )
    expect(new Set(rows)).toEqual(new Set(all))
    expect(outcome).toMatchObject({ requests: 2, incompleteBecause: [] })
  })

  it('that showed a row twice, and nothing from then on, is not complete', async () => {
    const [first = {}] = rowsUpTo(1)
    const { outcome } = await list((_offset, _limit, request) =>
      request === 1 ? { rows: [first, first], count: undefined, limit: undefined } : EMPTY,
    )
    expect(outcome.incompleteBecause).toEqual([expect.stringContaining('nothing was left')])
  })

  it('that is answered empty each time is not complete where the look ahead shows that there is more', async () => {
    const serve = slicing(rowsUpTo(2), () => 2)
    const { outcome } = await list(
      (offset, limit, request) =>
        offset === 0 ? { rows: [], count: 0, limit: undefined } : serve(offset, limit, request),
      { looksAhead: true },
    )
    expect(outcome).toMatchObject({ brokeOff: true })
    expect(outcome.incompleteBecause).toEqual([expect.stringContaining('0 rows were listed')])
  })

  it('that loses its last rows behind the look ahead is empty', async () => {
    let [isGone, asked] = [false, 0]
    const { outcome } = await list(
      (offset, limit) => {
        asked += 1
        const page = slicing(isGone ? [] : rowsUpTo(2), () => (isGone ? 0 : 2))(offset, limit, asked)
        isGone ||= offset === 1
        return offset === 0 && asked === 1 ? { rows: [], count: 0, limit: undefined } : page
      },
      { looksAhead: true },
    )
    expect(outcome).toMatchObject({ distinct: 0, incompleteBecause: [], brokeOff: false })
  })

  it('on a page of which a row comes twice is read again, for another may not have come', async () => {
    const all = rowsUpTo(3)
    for (const looksAhead of [true, false])
      for (const total of [() => 3, countingPages, () => undefined]) {
        const serve = slicing(all, total)
        const doubling =
          (times: number): Serve =>
          (offset, limit, request) => {
            const page = serve(offset, limit, request)
            if (page.rows.length < 3 || times === 0) return page
            times -= 1
            return { ...page, rows: [all[0] ?? {}, all[0] ?? {}, all[1] ?? {}] }
          }
        const { rows, outcome } = await list(doubling(1), { looksAhead })
        expect(rows.toSorted((a, b) => `${a.backup_id}`.localeCompare(`${b.backup_id}`))).toEqual(all)
        expect(outcome.incompleteBecause).toEqual([])
        expect((await list(doubling(9), { looksAhead })).outcome.incompleteBecause).not.toEqual([])
      }
  })

  it('that counts as many rows as came is not complete where one of them came twice', async () => {
    const [first = {}, second = {}] = rowsUpTo(3)
    for (const looksAhead of [true, false]) {
      const serve = slicing([first, first, second], () => 2)
      expect((await list(serve, { looksAhead })).outcome.incompleteBecause).not.toEqual([])
    }
  })

  it('that looks ahead ends with its first page where the total is shown to be that of the list, and nowhere else', async () => {
    for (const count of [1, 2, 9, 100, 101, 350])
      for (const cap of [1000, 10]) {
        const all = rowsUpTo(count)
        const offsets: number[] = []
        const watched =
          (serve: Serve): Serve =>
          (offset, limit, request) => {
            offsets.push(offset)
            return serve(offset, limit, request)
          }
        for (const total of [() => count, (page: readonly Row[]) => page.length, () => undefined]) {
          const { rows, outcome } = await list(watched(slicing(all, total, cap)), { looksAhead: true })
          expect(rows).toEqual(all)
          expect(outcome).toMatchObject({ distinct: count, incompleteBecause: [], brokeOff: false })
        }
        if (count <= Math.min(cap, 100)) expect(offsets.slice(0, 3)).toEqual([0, 1, 0])
      }
  })

  it('that looks ahead in vain is read to its end', async () => {
    const all = rowsUpTo(9)
    const serve = slicing(all, () => 9)
    const { rows, outcome } = await list(
      (offset, limit, request) => {
        if (limit === 1) throw new Fault('upstream_unavailable', 'gone')
        return serve(offset, limit, request)
      },
      { looksAhead: true },
    )
    expect(rows).toEqual(all)
    expect(outcome).toMatchObject({ requests: 3, incompleteBecause: [], fault: undefined })
  })

  it('whose deletions move rows past the offset is read again until nothing is new', async () => {
    const all = rowsUpTo(25)
    const { rows, outcome } = await list(
      (offset, _, request) => {
        const left = request === 1 ? all : all.slice(2)
        return { rows: left.slice(offset, offset + 10), count: left.length, limit: undefined }
      },
      { pageLimit: 10 },
    )
    expect(rows.length).toBe(25)
    expect(new Set(rows).size).toBe(25)
    expect(outcome).toMatchObject({ incompleteBecause: [] })
  })

  it('whose total fits in neither reading is not complete', async () => {
    const { outcome } = await list(
      slicing(rowsUpTo(30), () => 33),
      { pageLimit: 10 },
    )
    expect(outcome.incompleteBecause).toEqual([expect.stringContaining('30 rows were listed')])
  })

  it('of one page whose total names more rows is not complete', async () => {
    const { outcome } = await list(slicing(rowsUpTo(3), () => 5))
    expect(outcome.incompleteBecause).toEqual([expect.stringContaining('3 rows were listed')])
  })

  it('that claims rows and sends an empty page is not complete, and its absences prove nothing', async () => {
    const hiding = await list(() => ({ rows: [], count: 3, limit: undefined }), { pageLimit: 10 })
    expect(hiding.outcome).toMatchObject({ distinct: 0, brokeOff: true })
    expect(hiding.outcome.incompleteBecause).toEqual([expect.stringContaining('0 rows were listed')])
  })

  it('that was empty by a slip is read again and whole', async () => {
    const rows = rowsUpTo(3)
    let calls = 0
    const slipping = await list(
      (offset) => {
        calls += 1
        return { rows: calls === 1 ? [] : rows.slice(offset), count: 3, limit: undefined }
      },
      { pageLimit: 10 },
    )
    expect(slipping.outcome).toMatchObject({ distinct: 3, incompleteBecause: [], brokeOff: false })
  })

  it('that repeats itself or never ends is stopped and not complete', async () => {
    const same = rowsUpTo(10)
    const looping = await list(() => ({ rows: same, count: 10, limit: undefined }), { pageLimit: 10 })
    expect(looping.outcome).toMatchObject({ distinct: 10, requests: 6, brokeOff: true })
    const endless = await list(
      (offset) => ({
        rows: Array.from({ length: 10 }, (_, index) => ({ backup_id: `b-${offset + index}` })),
        count: 30,
        limit: undefined,
      }),
      { pageLimit: 10 },
    )
    expect(endless.outcome).toMatchObject({ requests: 14, brokeOff: true })
  })

  it('is given up after 10,000 pages, whatever total it claims', async () => {
    const { outcome } = await list((offset, _, request) => {
      if (request > 10_000) throw new Error('asked for another page')
      const rows = [{ backup_id: `b-${offset}` }, { backup_id: `b-${offset + 1}` }]
      return { rows, count: 1e12, limit: undefined }
    })
    expect(outcome.incompleteBecause).toEqual([expect.stringContaining('did not end after 10000 pages')])
  })

  it('that moves without rest is not complete', async () => {
    const { outcome } = await list(
      (offset, _, request) => ({
        rows:
          offset >= 20
            ? []
            : Array.from({ length: 10 }, (_, index) => ({ backup_id: `${request}-${index}` })),
        count: 20,
        limit: undefined,
      }),
      { pageLimit: 10 },
    )
    expect(outcome.incompleteBecause).toEqual([expect.stringContaining('did not stand still')])
  })

  it('keeps rows without an id, once each, and counts them', async () => {
    const { rows, outcome } = await list(slicing([{ backup_id: 'b-1' }, {}], () => 2))
    expect(rows.length).toBe(2)
    expect(outcome).toMatchObject({ unreadable: 1, distinct: 2 })
  })

  it('that breaks off says where, and hands over the fault where nothing was read', async () => {
    const fault = new Fault('upstream_timeout', 'Huawei did not answer in time.')
    const failing =
      (at: number): Serve =>
      (offset, limit, request) => {
        if (request === at) throw fault
        return slicing(rowsUpTo(30), () => 30)(offset, limit, request)
      }
    const first = await list(failing(1), { pageLimit: 10 })
    expect(first.outcome).toMatchObject({ fault, brokeOff: true, distinct: 0 })
    const second = await list(failing(2), { pageLimit: 10 })
    expect(second.rows.length).toBe(10)
    expect(second.outcome.fault).toBeUndefined()
    expect(second.outcome.incompleteBecause).toEqual([
      'The list broke off after 10 rows: Huawei did not answer in time.',
    ])
  })
})
