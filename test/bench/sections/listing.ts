import { listAll } from '../../../lib/huawei/list-all.ts'
import { drawCollection, LIES } from '../../support/listing-worlds.ts'
import {
  type CollectionOptions,
  HORIZON,
  type Lie,
  MovingCollection,
} from '../../support/moving-collection.ts'
import { runInPieces } from '../../support/run-in-pieces.ts'
import { type Run, runListing, runOffsets } from '../../support/run-listing.ts'
import { say } from '../say.ts'
import type { Section } from '../section.ts'
import { type Column, printTable } from '../table.ts'

/** Each lie gets this part of the seeds. */
const LIES_SHARE = 5

/** How a collection is listed. */
type Way = (options: CollectionOptions) => Promise<Run>

const inOneGo: Way = (options) => runListing(options, { concurrency: 1 + (options.seed % 16) })
/** Time runs out at requests of chance, and a fifth of the pieces are killed. */
const inPieces: Way = (options) => runInPieces(options, { most: [4, 8, 15, 40][options.seed % 4] ?? 40 })
const WAYS = { '': inOneGo, ', listed in pieces': inPieces } as const

/** Lists many seeds of a moving, lying collection in process; the exit code is 1 where a listing was wrong. */
export const listing: Section = {
  name: 'listing',
  says: 'The listing against seeded collections that move and lie meanwhile, in one go and in pieces, beside paging by offset; and what it asks for.',
  minutes: 6,
  flags: {
    seeds: { takes: 'value', value: 'N', says: 'How many; each lie gets a fifth of them. 1000 unless told.' },
  },
  prepare: (flags) => {
    const seeds = flags.whole('seeds', 1000)
    return async () => {
      for (const [how, way] of Object.entries(WAYS)) {
        console.log(`A collection that moves and tells the truth${how}:\n`)
        printNumbers([await listTruths(way, seeds)])
        console.log(`One that lies${how}:\n`)
        const rows: Numbers[] = []
        for (const lie of LIES) rows.push(await listLies(way, lie, Math.ceil(seeds / LIES_SHARE)))
        printNumbers(rows)
      }
      console.log('What the listing asks for, and costs without a network:\n')
      printNumbers(await measureCosts())
    }
  },
}

/** A row of a table whose titles are its keys. */
type Numbers = Readonly<Record<string, string | number>>

function printNumbers(rows: readonly Numbers[]): void {
  const columns = Object.entries(rows[0] ?? {}).map(
    ([title, value]): Column<Numbers> => ({
      title,
      cell: (row) => String(row[title]),
      isText: typeof value === 'string',
    }),
  )
  printTable(columns, rows)
}

async function listTruths(way: Way, seeds: number): Promise<Numbers> {
  const tally = { runs: 0, missed: 0, twice: 0, outside: 0, 'not shown complete': 0, 'missed by offsets': 0 }
  for (let seed = 1; seed <= seeds; seed += 1) {
    const options = drawCollection(seed)
    const run = await way(options)
    tally.runs += 1
    tally.missed += run.missed
    tally.twice += run.twice
    tally.outside += run.outside
    if (run.missed + run.twice + run.outside > 0) giveAway(seed, 'the truth', run.missed)
    if (run.outcome.incompleteBecause.length > 0) tally['not shown complete'] += 1
    tally['missed by offsets'] += (await runOffsets(options)).missed
    if (seed % 100 === 0) say(`listing: ${seed} of ${seeds} that tell the truth`)
  }
  return tally
}

async function listLies(way: Way, lie: Lie, seeds: number): Promise<Numbers> {
  const name = Object.values(lie).join(' ')
  const tally = { complete: 0, 'incomplete, exact': 0, 'incomplete, short': 0, 'LIED COMPLETE': 0, twice: 0 }
  for (let seed = 1; seed <= seeds; seed += 1) {
    const run = await way({ ...drawCollection(seed), lies: [lie] })
    const isExact = run.missed === 0
    tally.twice += run.twice + run.outside
    if (run.outcome.incompleteBecause.length > 0)
      tally[isExact ? 'incomplete, exact' : 'incomplete, short'] += 1
    else tally[isExact ? 'complete' : 'LIED COMPLETE'] += 1
    if (run.outcome.incompleteBecause.length === 0 && !isExact) giveAway(seed, name, run.missed)
  }
  say(`listing: ${name}: ${JSON.stringify(tally)}`)
  return { lie: name, runs: seeds, ...tally }
}

function giveAway(seed: number, how: string, missed: number): void {
  say(`WRONG: seed ${seed}, ${how}, ${missed} missed`)
  process.exitCode = 1
}

async function measureCosts(): Promise<readonly Numbers[]> {
  const rows: Numbers[] = []
  for (const size of [0, 1, 999, 1000, 1001, 10_000, 100_000, 1_000_000])
    for (const concurrency of [1, 8, 32]) rows.push(await measureListing(size, concurrency))
  return rows
}

async function measureListing(size: number, concurrency: number): Promise<Numbers> {
  const collection = new MovingCollection({ rows: size, seed: 1, spanDays: 365, isInstant: true })
  const list = listAll({ ...collection, horizon: HORIZON, concurrency })
  const cpu = process.cpuUsage()
  let seen = 0
  for await (const batch of list) seen += batch.length
  const { user, system } = process.cpuUsage(cpu)
  const { requests } = list.outcome()
  return {
    rows: size,
    concurrency,
    requests,
    'per page': Number((requests / Math.max(1, Math.ceil(size / 1000))).toFixed(3)),
    missed: size - seen,
    'CPU ms': Math.round((user + system) / 1000),
  }
}
