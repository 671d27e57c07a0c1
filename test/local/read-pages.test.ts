import { describe, expect, it } from 'vitest'
import { Fault } from '../../lib/errors.ts'
import type { HttpFunction } from '../../lib/runtime/http.ts'
import { httpFunction } from '../../lib/runtime/http.ts'
import { listTargets } from '../../local/commands/list-targets.ts'
import { type Patience, readPages } from '../../local/read-pages.ts'

const SURROUNDINGS = { log: () => {}, nowMs: () => 0, randomHex: () => 'c0ffee' }

/** The real stack over a list that goes on for ever; says for each page, the first being 0, which ids are on it. */
function endless(idsOn: (page: number) => readonly string[], count?: number) {
  let pages = 0
  const list: HttpFunction = httpFunction(SURROUNDINGS, {
    'GET /backups': async () => {
      const backups = idsOn(pages).map((id) => ({ id }))
      pages += 1
      const headers = { link: `</backups?offset=${pages}>; rel="next"` }
      return { status: 200, headers, body: JSON.stringify({ backups, count }) }
    },
  })
  return { list, pages: () => pages }
}

/** The real stack over pages that are told; a Fault among them is what Huawei does at that call. */
function listOf(
  ...answers: readonly (Fault | { readonly ids: readonly string[]; readonly count: number })[]
) {
  const queries: string[] = []
  const rest = [...answers]
  const list: HttpFunction = httpFunction(SURROUNDINGS, {
    'GET /backups': async (_, { query = [] }) => {
      queries.push(query.map((pair) => pair.join('=')).join('&'))
      // Behind the last page there is nothing.
      const answer = rest.shift() ?? { ids: [], count: 0 }
      if (answer instanceof Fault) throw answer
      const isLast = !rest.some((one) => !(one instanceof Fault))
      return {
        status: 200,
        headers: isLast ? {} : { link: `</backups?name=a%26b&offset=${queries.length}>; rel="next"` },
        body: JSON.stringify({ backups: answer.ids.map((id) => ({ id })), count: answer.count }),
      }
    },
  })
  return { list, queries }
}

const throttled = new Fault('upstream_throttled', 'Cannot call Huawei now', { retryAfterMs: 37_500 })
const patience = (mostMs: number, pauses: number[] = []): Patience => ({
  mostMs,
  pause: async (ms) => pauses.push(ms),
})

async function idsOf(list: HttpFunction, patient = patience(0)): Promise<readonly unknown[]> {
  const pages = await gathered(readPages(list, { path: '/backups', query: [] }, patient))
  return pages.flatMap(({ rows }) => rows)
}

async function gathered<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('readPages', () => {
  it('goes the way that each page names, whatever is in it', async () => {
    const { list, queries } = listOf({ ids: ['a'], count: 2 }, { ids: ['b'], count: 2 })
    expect(await idsOf(list)).toEqual([{ id: 'a' }, { id: 'b' }])
    expect(queries).toEqual(['', 'name=a&b&offset=1'])
  })

  it('calls again where Huawei allows no more calls, when it may, and only for so long', async () => {
    const answers = [{ ids: ['a'], count: 2 }, throttled, throttled, { ids: ['b'], count: 2 }]
    const pauses: number[] = []
    expect(await idsOf(listOf(...answers).list, patience(76_000, pauses))).toHaveLength(2)
    expect(pauses).toEqual([38_000, 38_000])
    await expect(idsOf(listOf(...answers).list, patience(75_999))).rejects.toThrow('Cannot call Huawei now')
  })

  it('does not call again for anything else', async () => {
    const { list, queries } = listOf(new Fault('upstream_refused', 'No'), { ids: ['a'], count: 1 })
    await expect(idsOf(list, patience(1e9))).rejects.toThrow('No')
    expect(queries).toHaveLength(1)
  })
})

const TARGET = { service: 'cbr', region: 'cn-north-4', projectId: 'p' } as const
const ALL = { path: '/backups', query: [], all: true, patience: patience(0) }

describe('listTargets', () => {
  it('passes on once what comes twice, and tells that the list moved', async () => {
    const { list } = listOf({ ids: ['a', 'b'], count: 3 }, { ids: ['b', 'c'], count: 4 })
    const chunks = await gathered(listTargets(list, [TARGET], ALL))
    expect(chunks.map(({ rows }) => rows)).toEqual([[{ id: 'a' }, { id: 'b' }], [{ id: 'c' }]])
    expect(chunks.at(-1)).toMatchObject({
      isLast: true,
      course: { shown: 3, repeated: 1, moved: true, hasMore: false },
    })
  })
  it.each([
    ['an empty page before its end', [], 12],
    ['an empty page that counts nothing', [], 0],
  ])('fails where Huawei counts more than came: %s', async (_, ids, count) => {
    const { list } = listOf({ ids: ['a', 'b'], count: 12 }, { ids, count })
    await expect(gathered(listTargets(list, [TARGET], ALL))).rejects.toThrow(
      'Huawei counts 12 backups in cn-north-4:p, and 2 came',
    )
  })

  it.each([undefined, 2, 1e12])('fails where pages come again, whatever Huawei counts: %s', async (count) => {
    const { list, pages } = endless((page) => [['a'], ['b'], ['a', 'b']][page] ?? ['c'], count)
    await expect(gathered(listTargets(list, [TARGET], ALL))).rejects.toThrow(
      'Huawei sends backups of cn-north-4:p again, and 2 came',
    )
    expect(pages()).toBe(3)
  })

  it('fails where a list that moves ends with a page that came before', async () => {
    const { list } = listOf({ ids: ['a', 'b'], count: 3 }, { ids: ['a', 'b'], count: 4 })
    await expect(gathered(listTargets(list, [TARGET], ALL))).rejects.toThrow('again, and 2 came')
  })

  it('gives up a list that does not end after 10,000 pages', async () => {
    const { list, pages } = endless((page) => [`b${page}`], 1e12)
    await expect(gathered(listTargets(list, [TARGET], ALL))).rejects.toThrow('10,000 pages of cn-north-4:p')
    expect(pages()).toBe(10_000)
  })

  it('knows a list whose rows went meanwhile, or that is read from a position, to be whole', async () => {
    const shrunk = listOf({ ids: ['a', 'b'], count: 4 }, { ids: ['c'], count: 3 })
    expect(await gathered(listTargets(shrunk.list, [TARGET], ALL))).toHaveLength(2)
    const later = { ...ALL, query: [['offset', '10']] as const }
    const { list } = listOf({ ids: ['k', 'l'], count: 12 })
    expect(await gathered(listTargets(list, [TARGET], later))).toHaveLength(1)
  })
})
