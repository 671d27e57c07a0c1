import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import { listAll } from '../../../lib/huawei/list-all.ts'
import type { Page } from '../../../lib/huawei/listing/listing.ts'
import { parseTime } from '../../../lib/parse-time.ts'
import type { Instant } from '../../../lib/time.ts'
import { drawCollection } from '../../support/listing-worlds.ts'
import {
  type CollectionOptions,
  dice,
  type FakeRow,
  HORIZON,
  type Lie,
  MovingCollection,
  type Reading,
} from '../../support/moving-collection.ts'
import { runInPieces } from '../../support/run-in-pieces.ts'
import { compared, type Run, runListing, runOffsets } from '../../support/run-listing.ts'

const STILL = { seed: 5, rows: 2000 } satisfies CollectionOptions
const MOVING = { ...STILL, inserts: 2, deletes: 2 } satisfies CollectionOptions

function expectExact(run: Run): void {
  expect(run).toMatchObject({ missed: 0, twice: 0, outside: 0 })
  expect(run.outcome).toMatchObject({ incompleteBecause: [], brokeOff: false, fault: undefined })
}

function expectHonest(run: Run): void {
  expect(run).toMatchObject({ twice: 0, outside: 0 })
  if (run.missed > 0) expect(run.outcome.incompleteBecause).not.toEqual([])
}

describe('a collection that moves', () => {
  const readings: readonly Reading[] = ['inclusive', 'exclusive', 'inclusive seconds', 'exclusive seconds']

  it('is listed completely, each row once, over 50 seeds of every kind of change', async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = dice(seed)
      const pick = <Value>(values: readonly [Value, ...Value[]]) =>
        values[Math.floor(random() * values.length)] ?? values[0]
      const run = await runListing(
        {
          seed,
          rows: pick([0, 1, 99, 100, 101, 1000, 3000]),
          spanDays: pick([1, 30, 365]),
          inserts: pick([0, 2, 5]),
          deletes: pick([0, 2, 10]),
          deletesWhich: pick(['random', 'oldest', 'last served']),
          late: pick([0, 0, 5]),
          hotSecond: pick([0, 0, 250]),
          hotTied: pick([true, false]),
          unstableTies: pick([true, false]),
          undated: pick([0, 0, 3, 120]),
          undatedFirst: pick([true, false]),
          nameless: pick([0, 3]),
          start: pick(['inclusive', 'exclusive', 'inclusive seconds', 'exclusive seconds']),
          end: pick(['inclusive', 'exclusive', 'inclusive seconds', 'exclusive seconds']),
        },
        { concurrency: pick([1, 4, 8, 32]) },
      )
      expect({ seed, ...run, yielded: undefined }).toMatchObject({ missed: 0, twice: 0, outside: 0 })
      expect({ seed, because: run.outcome.incompleteBecause }).toEqual({ seed, because: [] })
    }
  })

  it('loses rows to offset paging in the same runs', async () => {
    let missed = 0
    for (let seed = 1; seed <= 5; seed += 1)
      missed += (await runOffsets({ ...MOVING, seed, deletes: 5, inserts: 0 })).missed
    expect(missed).toBeGreaterThan(20)
  })

  it('is listed completely whichever way the API reads the ends of a time filter', async () => {
    for (const start of readings)
      for (const end of readings)
        expectExact(await runListing({ ...STILL, spanDays: 1, hotSecond: 150, start, end }))
  })

  it('gets on where a page holds no more than three seconds, re-reading one of them however the API reads the ends', async () => {
    const dense = { seed: 3, rows: 4000, spanDays: 100 / 86_400, inserts: 1, deletes: 1 }
    for (const start of readings)
      for (const end of readings) {
        const run = await runListing({ ...dense, start, end })
        expectExact(run)
        // All are so young that they are read once more without a filter, as the list moves.
        expect(run.requests).toBeLessThan(105 + 46)
      }
  })

  it('yields rows that become visible late', async () => {
    const notes: string[] = []
    for (let seed = 1; seed <= 5; seed += 1) {
      const run = await runListing({ ...STILL, seed, inserts: 2, deletes: 3, late: 40 })
      expectExact(run)
      notes.push(...run.outcome.notes)
    }
    expect(notes.join()).toContain('15 minutes before the horizon were read twice')
    expect(notes.join()).toMatch(/\d became visible late/)
  })

  it('leaves out what was created after a horizon in the past, without taking it for hidden', async () => {
    const horizon = (HORIZON - 20 * 86_400 * 1_000_000) as Instant
    const collection = new MovingCollection(MOVING)
    const list = listAll({ ...collection, horizon, concurrency: 4, pageLimit: 100 })
    let seen = 0
    for await (const batch of list)
      for (const row of batch) {
        seen += 1
        expect(row.createdAt).toBeLessThanOrEqual(horizon)
      }
    const { distinct, countBefore, incompleteBecause } = list.outcome()
    expect(seen).toBe(distinct)
    expect(distinct).toBeLessThan((countBefore ?? 0) * 0.8)
    expect(incompleteBecause).toEqual([])
  })
})

describe('an API that does not do what it says', () => {
  it.each<[string, 'exact' | 'incomplete', Lie]>([
    ['counts too few', 'incomplete', { kind: 'count', as: 'off', by: -3 }],
    ['counts too many', 'incomplete', { kind: 'count', as: 'off', by: 3 }],
    ['counts the page only', 'incomplete', { kind: 'count', as: 'page length' }],
    ['counts always the same', 'incomplete', { kind: 'count', as: 'constant' }],
    ['does not count', 'incomplete', { kind: 'count', as: 'absent' }],
    ['sorts newest first', 'exact', { kind: 'order', as: 'desc' }],
    ['does not sort', 'exact', { kind: 'order', as: 'unsorted' }],
    ['ignores start_time', 'exact', { kind: 'filter', ignored: 'start' }],
    ['ignores end_time', 'exact', { kind: 'filter', ignored: 'end' }],
    ['ignores both', 'exact', { kind: 'filter', ignored: 'both' }],
    ['reads an end_time as its day', 'incomplete', { kind: 'bound', of: 'end', readAs: 'its day' }],
    ['reads every time as its day', 'exact', { kind: 'bound', of: 'both', readAs: 'its day' }],
    ['reads an end_time in Beijing', 'incomplete', { kind: 'bound', of: 'end', readAs: '8 hours earlier' }],
    ['reads every time in Beijing', 'exact', { kind: 'bound', of: 'both', readAs: '8 hours earlier' }],
    ['hides some backups from end_time', 'exact', { kind: 'hides some from end_time' }],
    ['caps the limit and says so', 'exact', { kind: 'cap', limit: 37, isEchoed: true }],
    ['caps the limit silently', 'exact', { kind: 'cap', limit: 37, isEchoed: false }],
    ['serves the same page for ever', 'incomplete', { kind: 'loop' }],
    ['drops the tail of pages', 'exact', { kind: 'drops the tail' }],
    ['serves a page again', 'exact', { kind: 'repeats a page' }],
    ['says now and then that there is nothing', 'exact', { kind: 'empty' }],
  ])('and %s gets a listing that is %s', async (_name, end, lie) => {
    const run = await runListing({ ...STILL, lies: [lie] })
    if (end === 'exact') expectExact(run)
    else expect(run.outcome.incompleteBecause).not.toEqual([])
    for (let seed = 1; seed <= 3; seed += 1)
      expectHonest(await runListing({ ...MOVING, seed, hotSecond: seed === 3 ? 150 : 0, lies: [lie] }))
  })

  it('and hides what a filter should show is found out where nobody counted what is missing', async () => {
    // The filter counts what it shows, and as many were deleted as are missing.
    const lies = [{ kind: 'bound', of: 'end', readAs: 'its day' }] as const
    for (const seed of [2, 68, 126, 225, 311])
      expectHonest(await runListing({ ...drawCollection(seed), lies }, { concurrency: 1 + (seed % 16) }))
  })

  it('and hides a few backups from every filter is found out, whatever is deleted meanwhile', async () => {
    const lies = [{ kind: 'hides a few from filters' }] as const
    for (let seed = 1; seed <= 60; seed += 1)
      expectHonest(
        await runListing(
          { ...drawCollection(seed), isInstant: true, lies },
          { concurrency: 1 + (seed % 16) },
        ),
      )
  })

  it.each([0.5, 0.98])(
    'and hides a backup of the last minutes, at %d of them, gets it all the same',
    async (place) => {
      // No count bounds what is so young, and these are more than a page.
      const [young, old] = [250, 400]
      const rows = Array.from({ length: old + young }, (_, index) => {
        const secondsAgo = index < old ? 86_400 + old - index : ((old + young - index) / young) * 840
        return { id: `row-${index}`, createdAt: HORIZON - Math.floor(secondsAgo * 1_000_000) }
      })
      const hidden = rows[old + Math.floor(place * young)]
      const list = listAll<FakeRow>({
        fetchPage: ({ parameters }) => Promise.resolve(filteredPage(rows, hidden, new Map(parameters))),
        keyOf: ({ id, createdAt }) => ({ id, createdAt: createdAt as Instant }),
        horizon: HORIZON,
        concurrency: 4,
        pageLimit: 100,
      })
      const seen: FakeRow[] = []
      for await (const batch of list) seen.push(...batch)
      expect(seen).toContain(hidden)
      expect(list.outcome()).toMatchObject({ distinct: rows.length, incompleteBecause: [] })
    },
  )

  it('and hides what a filter should show is found out by whoever goes on, too', async () => {
    const lies = [{ kind: 'bound', of: 'end', readAs: 'its day' }] as const
    for (const seed of [143, 176])
      expectHonest(
        await runInPieces({ ...drawCollection(seed), lies }, { most: [4, 8, 15, 40][seed % 4] ?? 0 }),
      )
  })

  it('and loses pages for good is read as far as it goes, and the windows are named', async () => {
    const run = await runListing({ ...STILL, rows: 3000, seed: 3, lies: [{ kind: 'lost' }] })
    expect(run.outcome.brokeOff).toBe(true)
    expect(run.outcome.fault).toBeUndefined()
    expect(run.yielded.length).toBeGreaterThan(300)
    expect(run.outcome.incompleteBecause[0]).toMatch(/^Backups created .*: Huawei did not answer/)
  })

  it('and answers nothing at all hands over the fault', async () => {
    const fault = new Fault('upstream_refused', 'Huawei refused: forbidden.')
    const list = listAll<FakeRow>({
      fetchPage: () => Promise.reject(fault),
      keyOf: () => ({ id: undefined, createdAt: undefined }),
      horizon: HORIZON,
      concurrency: 8,
    })
    for await (const batch of list) expect(batch).toEqual([])
    expect(list.outcome()).toMatchObject({ fault, brokeOff: true, requests: 2, distinct: 0 })
  })

  it.each([
    ['the pages that its count lets expect, and ten', 1000, 20],
    ['300,000 rows where its count lies', 5, 3000],
  ])('and never ends is stopped after %s', async (_, count, pages) => {
    let serial = 0
    const list = listAll<FakeRow>({
      fetchPage: ({ parameters }) => {
        const rows = Array.from({ length: Number(new Map(parameters).get('limit')) }, () => {
          serial += 1
          return { id: `row-${serial}`, createdAt: HORIZON - 10 ** 13 + serial * 10 ** 6 }
        })
        return Promise.resolve({ rows, count, limit: undefined })
      },
      keyOf: (row) => ({ id: row.id, createdAt: row.createdAt as Instant }),
      horizon: HORIZON,
      concurrency: 1,
      pageLimit: 100,
    })
    for await (const batch of list) expect(batch.length).toBeLessThanOrEqual(100)
    expect(list.outcome().incompleteBecause.join()).toContain(`did not end after ${pages} pages`)
    expect(list.outcome().requests).toBeLessThan(pages + 40)
  })

  it('and has one row wherever it is asked is given up after some pages, whatever it counts', async () => {
    const createdAt = HORIZON - 10 ** 12
    const list = listAll<FakeRow>({
      fetchPage: () => Promise.resolve({ rows: [{ id: 'row-1', createdAt }], count: 1200, limit: undefined }),
      keyOf: (row) => ({ id: row.id, createdAt: row.createdAt as Instant }),
      horizon: HORIZON,
      concurrency: 4,
    })
    for await (const batch of list) expect(batch.length).toBeLessThanOrEqual(1)
    expect(list.outcome().incompleteBecause).not.toEqual([])
    expect(list.outcome().requests).toBeLessThan(80)
  })
})

describe('the proof of a listing', () => {
  type Tamper = (page: Page<FakeRow>, query: ReadonlyMap<string, string>) => Page<FakeRow>

  async function listTampered(options: CollectionOptions, tamper: Tamper) {
    const collection = new MovingCollection(options)
    const { fetchPage, keyOf } = collection
    const list = listAll<FakeRow>({
      fetchPage: async (query, signal) => tamper(await fetchPage(query, signal), new Map(query.parameters)),
      keyOf,
      horizon: HORIZON,
      concurrency: 1,
      pageLimit: 100,
    })
    const rows: FakeRow[] = []
    for await (const batch of list) rows.push(...batch)
    return { rows, ...compared(collection, options, list.outcome(), rows) }
  }

  const isProbe = (query: ReadonlyMap<string, string>) => query.get('limit') === '1'

  const empty = { rows: [], count: 0, limit: undefined }

  it('fails where the API refuses an offset, without which its filters cannot be checked; every window was read all the same', async () => {
    const { outcome, missed } = await listTampered(MOVING, (page, query) => {
      if (query.has('offset')) throw new Fault('upstream_refused', 'Huawei refused: no offset here.')
      return page
    })
    expect(missed).toBe(0)
    expect(outcome).toMatchObject({ brokeOff: false })
    expect(outcome.incompleteBecause).toEqual([
      'Whether the time filters hide backups could not be found out: Huawei refused: no offset here.',
    ])
  })

  it('fails where rows are counted that no page shows', async () => {
    const { outcome } = await listTampered({ seed: 1, rows: 90 }, (page, query) =>
      isProbe(query) ? page : { ...page, rows: page.rows.slice(1), count: (page.count ?? 0) - 1 },
    )
    expect(outcome.incompleteBecause).toEqual([
      'Only 89 distinct backups created up to 2026-03-14T09:11:53.000Z were listed; 90 were counted before, 90 after.',
    ])
  })

  it('fails where pages show rows that were not counted', async () => {
    const { outcome } = await listTampered({ seed: 1, rows: 90 }, (page, query) =>
      isProbe(query) && query.has('end_time') ? { ...page, count: 87 } : page,
    )
    expect(outcome.incompleteBecause).toEqual([
      '90 distinct backups created up to 2026-03-14T09:11:53.000Z were listed; 87 were counted before, 87 after.',
    ])
  })

  it('takes no count for the end of a chain that never told more than its own page', async () => {
    const lies = [
      { kind: 'cap', limit: 37, isEchoed: false },
      { kind: 'count', as: 'page length' },
    ] as const
    const run = await runListing({ ...STILL, lies })
    expect(run.missed).toBe(0)
    expect(run.outcome.incompleteBecause).not.toEqual([])
  })

  it('takes no counts of pages for those of a list that lies in one second', async () => {
    const lies = [
      { kind: 'count', as: 'page length' },
      { kind: 'cap', limit: 37, isEchoed: false },
    ] as const
    const run = await runListing({ ...drawCollection(2855), lies })
    expect(run.missed).toBe(62)
    expect(run.outcome.incompleteBecause).toEqual([expect.stringContaining('did not count its backups')])
  })

  it('reads again what was empty by a slip where rows turn out to be missing', async () => {
    let pages = 0
    const { rows, outcome } = await listTampered({ seed: 1, rows: 90 }, (page, query) => {
      if (!isProbe(query)) pages += 1
      return !isProbe(query) && pages <= 3 ? empty : page
    })
    expect(rows.length).toBe(90)
    expect(outcome.incompleteBecause).toEqual([])
  })

  it('reads around a window that is answered empty, for deletions hide what the counts would show', async () => {
    const options = { seed: 1, rows: 125, deletes: 6, deletesWhich: 'oldest' } as const
    const isLater = (query: ReadonlyMap<string, string>) => query.has('start_time') && query.has('end_time')
    expectExact(await listTampered(options, (page, query) => (isLater(query) ? empty : page)))
    const { outcome } = await listTampered(options, (page, query) =>
      !isProbe(query) && (query.has('start_time') || query.get('sort') === 'created_at:desc') ? empty : page,
    )
    expect(outcome.incompleteBecause.join()).toMatch(/sent no backups created from .* no page shows/)
  })

  it('takes no count of nothing at the end for the end of all that it saw', async () => {
    let isRead = false
    const { outcome } = await listTampered({ seed: 1, rows: 125 }, (page, query) => {
      if (isProbe(query)) return isRead && query.has('end_time') ? empty : page
      isRead = true
      return query.has('start_time') || query.get('sort') === 'created_at:desc' ? empty : page
    })
    expect(outcome.incompleteBecause.join()).toContain(
      'counts no backups created up to 2026-03-14T09:11:53.000Z, and shows some',
    )
  })

  it('finds backups without a time where all others are of one moment, and no order is to be seen', async () => {
    for (const as of ['desc', 'unsorted'] as const)
      expectHonest(
        await runListing({ ...drawCollection(1366), lies: [{ kind: 'order', as }] }, { concurrency: 7 }),
      )
  })

  it('reads the last minutes again until they show the rows that are known to be there', async () => {
    let slips = 0
    const { rows, outcome } = await listTampered(
      { seed: 1, rows: 90, spanDays: 1 / 48, start: 'inclusive' },
      (page, query) => {
        if (isProbe(query)) return page
        if (!query.has('start_time')) return { ...page, rows: page.rows.slice(0, -1), count: 89 }
        slips += 1
        return slips === 1 ? empty : page
      },
    )
    expect(rows.length).toBe(90)
    expect(outcome).toMatchObject({ incompleteBecause: [] })
    expect(outcome.notes.join()).toContain('1 became visible late')
  })

  it('takes no empty answer for the end of the rows without a time, unless it counts them all', async () => {
    const undated = { seed: 1, rows: 50, undated: 120, undatedFirst: true }
    const slipping = (slips: number): Tamper => {
      let [asked, isOver] = [0, false]
      return (page, query) => {
        if (query.get('offset') === '100') asked += 1
        isOver ||= asked > slips
        const isUnfiltered = !query.has('start_time') && !query.has('end_time')
        return asked > 0 && !isOver && isUnfiltered ? empty : page
      }
    }
    expectExact(await listTampered(undated, slipping(2)))
    const run = await listTampered(undated, slipping(99))
    expect(run.missed).toBe(20)
    expect(run.outcome.incompleteBecause.join()).toContain('After 100 backups without a creation time')
  })

  it('takes no count of nothing at the end for a sign that no rows without a time are there', async () => {
    let [isOver, slips] = [false, 0]
    const options = { seed: 1, rows: 5, undated: 12, undatedFirst: true, spanDays: 1 / 1000 }
    const run = await listTampered(options, (page, query) => {
      isOver ||= query.has('start_time')
      const isUnfiltered = !query.has('start_time') && !query.has('end_time')
      if (!isProbe(query) || !isUnfiltered || query.get('offset') !== undefined) return page
      if (query.get('sort') === 'created_at:asc')
        return { ...page, rows: [{ id: 'gone', createdAt: HORIZON }] }
      if (!isOver) return page
      slips += 1
      return slips <= 2 ? empty : page
    })
    expectExact(run)
  })

  it('without filters is not complete where pages of a moving list begin between backups of one moment', async () => {
    const lies = [{ kind: 'filter', ignored: 'start' } as const]
    const run = await runListing({ ...drawCollection(581), lies }, { concurrency: 6 })
    expect(run.missed).toBe(1)
    expect(run.outcome.incompleteBecause).toEqual([expect.stringContaining('backups of one moment')])
  })

  it('holds in every world in which an empty answer was once believed', async () => {
    for (const seed of [73, 463, 1330, 1557, 1784, 3423]) {
      const options: CollectionOptions = { ...drawCollection(seed), lies: [{ kind: 'empty' }] }
      expectHonest(await runListing(options, { concurrency: 1 + (seed % 16) }))
    }
  })

  it('wants passes that agree where a second holds more than a page, for deletions hide what the counts would show', async () => {
    const options = {
      ...{ rows: 450, hotSecond: 450, hotTied: true, unstableTies: true, deletes: 12 },
      lies: [{ kind: 'order', as: 'never by id' }],
    } as const
    for (let seed = 1; seed <= 25; seed += 1) expectHonest(await runListing({ ...options, seed }))
  })
})

describe('the price of a listing', () => {
  const prices = [
    [0, 7],
    [1, 7],
    [999, 6],
    [1000, 7],
    [1001, 7],
    [10_000, 18],
    [100_000, 126],
  ] as const

  for (const [rows, most] of prices)
    it(`is at most ${most} requests for ${rows} rows`, async () => {
      for (const concurrency of [8, 32]) {
        const options = { rows, seed: 1, spanDays: 365, isInstant: true }
        const run = await runListing(options, { pageLimit: 1000, concurrency })
        expectExact(run)
        expect(run.requests).toBeLessThanOrEqual(most)
      }
    })

  it('holds no more pages than requests may be under way, however slow the consumer is', async () => {
    const collection = new MovingCollection({ ...STILL, isInstant: true })
    const list = listAll({ ...collection, horizon: HORIZON, concurrency: 4, pageLimit: 100 })
    let [batches, seen] = [0, 0]
    for await (const batch of list) {
      batches += 1
      seen += batch.length
      await new Promise((resolve) => setTimeout(resolve, 1))
      expect(collection.requests).toBeLessThanOrEqual(batches + 8)
    }
    expect(seen).toBe(2000)
  })

  it('ends with the consumer: what is under way is aborted, and the listing is not whole', async () => {
    const collection = new MovingCollection(STILL)
    const signals = new Set<AbortSignal>()
    const list = listAll<FakeRow>({
      fetchPage: (query, signal) => {
        signals.add(signal)
        return collection.fetchPage(query, signal)
      },
      keyOf: collection.keyOf,
      horizon: HORIZON,
      concurrency: 8,
      pageLimit: 100,
    })
    for await (const batch of list) if (batch.length > 1) break
    expect([...signals].every((signal) => signal.aborted)).toBe(true)
    expect(list.outcome().brokeOff).toBe(true)
  })

  it('reads an unreadable row once and counts it', async () => {
    const run = await runListing({ ...STILL, undated: 4, undatedFirst: true, nameless: 3 })
    expectExact(run)
    expect(run.outcome.unreadable).toBe(7)
    expect(run.outcome.distinct).toBe(2007)
  })

  it('knows its horizon', () => expect(HORIZON).toBe(parseTime('2026-03-14T09:26:53.589793Z')))
})

/** A page of rows that are sorted by time, one of which no filter shows. */
function filteredPage(
  rows: readonly FakeRow[],
  hidden: FakeRow | undefined,
  query: ReadonlyMap<string, string>,
): Page<FakeRow> {
  const [start, end] = ['start_time', 'end_time'].map((name) => query.get(name))
  const isFiltered = start !== undefined || end !== undefined
  const from = start === undefined ? Number.NEGATIVE_INFINITY : (parseTime(start) ?? 0)
  const to = end === undefined ? Number.POSITIVE_INFINITY : (parseTime(end) ?? 0)
  const shown = rows.filter(
    (row) => (row.createdAt ?? 0) >= from && (row.createdAt ?? 0) <= to && !(isFiltered && row === hidden),
  )
  if (query.get('sort') === 'created_at:desc') shown.reverse()
  const offset = Number(query.get('offset') ?? 0)
  return {
    rows: shown.slice(offset, offset + Number(query.get('limit'))),
    count: shown.length,
    limit: undefined,
  }
}
