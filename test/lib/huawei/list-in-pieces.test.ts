import { describe, expect, it } from 'vitest'
import { listAll } from '../../../lib/huawei/list-all.ts'
import { OutOfTime } from '../../../lib/out-of-time.ts'
import { drawCollection, LIES } from '../../support/listing-worlds.ts'
import { type FakeRow, HORIZON, MovingCollection } from '../../support/moving-collection.ts'
import { type PiecedRun, runInPieces } from '../../support/run-in-pieces.ts'
import { runListing } from '../../support/run-listing.ts'

/** Requests that fit a piece: few, so that whatever a listing does is cut off somewhere in the middle. */
const mostOf = (seed: number) => [4, 8, 15, 40][seed % 4] ?? 40
const STILL = { inserts: 0, deletes: 0, late: 0, unstableTies: false }

/** What adds up wherever a listing was cut. */
function expectSums({ outcome, yielded }: PiecedRun): void {
  expect(outcome.distinct).toBe(yielded.length)
  expect(outcome.listed).toBeGreaterThanOrEqual(outcome.distinct + outcome.duplicates)
}

// A thousand and more of each: npm run bench -- listing.
describe('a listing whose time runs out again and again, while the collection moves', () => {
  it('is complete, each row once, over 50 seeds, wherever it is cut and whichever pieces are killed', async () => {
    let [pieces, kills] = [0, 0]
    for (let seed = 1; seed <= 50; seed += 1) {
      const run = await runInPieces(drawCollection(seed), { most: mostOf(seed) })
      expect({ seed, ...run, yielded: undefined }).toMatchObject({ missed: 0, twice: 0, outside: 0 })
      expect({ seed, because: run.outcome.incompleteBecause }).toEqual({ seed, because: [] })
      expectSums(run)
      pieces += run.pieces
      kills += run.kills
    }
    expect({ pieces: pieces > 150, kills: kills > 25 }).toEqual({ pieces: true, kills: true })
  })

  it('tells of a collection that stands still what one go tells, but for the calls it took', async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const options = { ...drawCollection(seed), ...STILL }
      const whole = await runListing(options)
      const run = await runInPieces(options, { most: mostOf(seed) })
      const { listed, duplicates, requests, interruption, ...told } = run.outcome
      expect({ seed, ...whole.outcome }).toMatchObject({ seed, ...told })
      expect(new Set(run.yielded.map(({ id }) => id))).toEqual(new Set(whole.yielded.map(({ id }) => id)))
      expect(listed - duplicates).toBe(whole.outcome.listed - whole.outcome.duplicates)
      expect(requests).toBeGreaterThanOrEqual(whole.outcome.requests)
      expect(interruption).toBeUndefined()
    }
  })

  it('gets on where the API does not sort, and windows are halved instead, as far as one go does', async () => {
    for (let seed = 1; seed <= 8; seed += 1)
      for (const as of ['desc', 'unsorted'] as const) {
        const lies = [{ kind: 'order', as }] as const
        const options = { seed, rows: 3000, spanDays: 30, lies }
        const run = await runInPieces(options, { most: 12 })
        expect({ seed, ...run, yielded: undefined }).toMatchObject({ missed: 0, twice: 0, isGivenUp: false })
        expect({ seed, because: run.outcome.incompleteBecause }).toEqual({ seed, because: [] })
        // Whoever begins a window again and again asks far more often.
        expect(run.requests).toBeLessThan(300)
      }
  })

  for (const lie of LIES)
    it(`is never called complete where it is not, by an API with the lie "${Object.values(lie).join(' ')}"`, async () => {
      for (let seed = 1; seed <= 5; seed += 1) {
        const options = { ...drawCollection(seed), lies: [lie] }
        const run = await runInPieces(options, { most: mostOf(seed) })
        expect({ seed, ...run, yielded: undefined }).toMatchObject({ twice: 0, outside: 0 })
        if (run.missed > 0) expect(run.outcome.incompleteBecause).not.toEqual([])
        expectSums(run)
      }
    })
})

describe('a listing whose time ran out', () => {
  /** Lists until so many requests were made. */
  async function listFor(requests: number, from?: Parameters<typeof listAll<FakeRow>>[1]) {
    const collection = new MovingCollection({ seed: 7, rows: 2000 })
    const list = listAll<FakeRow>(
      {
        fetchPage: (query, signal) => {
          if (collection.requests >= requests) throw new OutOfTime('No time is left')
          return collection.fetchPage(query, signal)
        },
        keyOf: collection.keyOf,
        horizon: HORIZON,
        concurrency: 1,
        pageLimit: 100,
      },
      from,
    )
    const rows: FakeRow[] = []
    for await (const batch of list) rows.push(...batch)
    return { rows, outcome: list.outcome() }
  }

  it.each([
    [280, 'that ends a window too soon, for it counts fewer backups than were left', 0],
    [262, 'that a killed piece had read, and that lies further on in the window', 0],
    [1513, 'of a window whose far end was handed over while it was asked for', 0],
    [638, 'of the second before its window', 0],
  ])('of seed %i does not believe a page %s', async (seed, _page, doubts) => {
    const options = { ...drawCollection(seed), lies: [{ kind: 'repeats a page' } as const] }
    const { missed, outcome } = await runInPieces(options, { most: mostOf(seed) })
    expect({ missed, doubts: outcome.incompleteBecause.length }).toEqual({ missed: 0, doubts })
  })

  it('says what it comes to if nobody goes on: which windows are unread, and that absence proves nothing', async () => {
    const { rows, outcome } = await listFor(8)
    expect(rows.length).toBeGreaterThan(300)
    expect(outcome.brokeOff).toBe(true)
    expect(outcome.incompleteBecause.at(0)).toMatch(
      /^Backups created from .* to .* could not all be read in the time that there was\.$/,
    )
    expect(outcome.incompleteBecause.at(-1)).toBe('The list of backups was not read to its end.')
  })

  it('has nothing to go on with before it knows the windows', async () => {
    await expect(listFor(1)).rejects.toThrow(OutOfTime)
  })

  it('leaves a bookmark that whoever goes on does not change, so that a killed piece can begin from it again', async () => {
    const { outcome } = await listFor(8)
    const bookmark = outcome.interruption?.bookmark
    const before = JSON.stringify(bookmark)
    await listFor(12, bookmark)
    expect(JSON.stringify(bookmark)).toBe(before)
  })

  it('says that it got no further where it did not', async () => {
    const { outcome } = await listFor(8)
    expect(outcome.interruption?.isFurther).toBe(true)
    const again = await listFor(0, outcome.interruption?.bookmark)
    expect(again.outcome.interruption?.isFurther).toBe(false)
  })
})
