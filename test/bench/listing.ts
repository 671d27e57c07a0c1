// Runs the listing against many seeds of a moving, lying collection, and prints what it costs.
// npx node test/bench/listing.ts [seeds]; each lie gets a fifth of them. Ends with 1 where a listing was wrong.
import { listAll } from '../../lib/huawei/list-all.ts'
import { drawCollection, LIES } from '../support/draw-collection.ts'
import { type CollectionOptions, HORIZON, MovingCollection } from '../support/moving-collection.ts'
import { runInPieces } from '../support/run-in-pieces.ts'
import { type Run, runListing, runOffsets } from '../support/run-listing.ts'

const SEEDS = Number(process.argv[2] ?? 1000)

type List = (options: CollectionOptions) => Promise<Run>

/** Each listing runs as one, and cut off at requests of chance, with a fifth of its pieces killed. */
const WAYS: Readonly<Record<string, List>> = {
  'in one go': (options) => runListing(options, { concurrency: 1 + (options.seed % 16) }),
  'in pieces': (options) => runInPieces(options, { most: [4, 8, 15, 40][options.seed % 4] ?? 40 }),
}

async function benchTruth(way: string, list: List): Promise<void> {
  const tally = { runs: 0, missed: 0, twice: 0, outside: 0, 'not shown': 0, 'missed by offsets': 0 }
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const options = drawCollection(seed)
    const run = await list(options)
    tally.runs += 1
    tally.missed += run.missed
    tally.twice += run.twice
    tally.outside += run.outside
    if (run.missed + run.twice + run.outside > 0) giveAway(seed, `honest, ${way}`, run.missed)
    if (run.outcome.incompleteBecause.length > 0) tally['not shown'] += 1
    if (seed % 10 === 0) tally['missed by offsets'] += (await runOffsets(options)).missed
  }
  console.log(`honest API, ${way}`)
  console.table([tally])
}

async function benchLies(way: string, list: List): Promise<void> {
  const rows: Record<string, number>[] = []
  const names = LIES.map((lie) => Object.values(lie).join(' '))
  for (const lie of LIES) {
    const tally = {
      runs: 0,
      complete: 0,
      'incomplete, exact': 0,
      'incomplete, short': 0,
      'LIED COMPLETE': 0,
      twice: 0,
    }
    for (let seed = 1; seed <= Math.ceil(SEEDS / 5); seed += 1) {
      const run = await list({ ...drawCollection(seed), lies: [lie] })
      tally.runs += 1
      tally.twice += run.twice + run.outside
      if (run.outcome.incompleteBecause.length === 0)
        tally[run.missed === 0 ? 'complete' : 'LIED COMPLETE'] += 1
      else tally[run.missed === 0 ? 'incomplete, exact' : 'incomplete, short'] += 1
      if (run.outcome.incompleteBecause.length === 0 && run.missed > 0) giveAway(seed, lie, run.missed)
    }
    rows.push(tally)
  }
  console.log(`lying API, ${way}`)
  console.table(Object.fromEntries(rows.map((row, index) => [names[index], row])))
}

function giveAway(seed: number, how: unknown, missed: number): void {
  console.log('WRONG', { seed, how, missed })
  process.exitCode = 1
}

async function benchCost(): Promise<void> {
  const table: Record<string, string | number>[] = []
  for (const rows of [0, 1, 999, 1000, 1001, 10_000, 100_000, 1_000_000])
    for (const concurrency of [1, 8, 32]) {
      const collection = new MovingCollection({ rows, seed: 1, spanDays: 365, isInstant: true })
      const list = listAll({ ...collection, horizon: HORIZON, concurrency })
      const cpu = process.cpuUsage()
      let seen = 0
      for await (const batch of list) seen += batch.length
      const { user, system } = process.cpuUsage(cpu)
      table.push({
        rows,
        concurrency,
        requests: list.outcome().requests,
        'per page': (list.outcome().requests / Math.max(1, Math.ceil(rows / 1000))).toFixed(3),
        missed: rows - seen,
        'cpu ms': Math.round((user + system) / 1000),
      })
    }
  console.table(table)
}

for (const [way, list] of Object.entries(WAYS)) {
  await benchTruth(way, list)
  await benchLies(way, list)
}
await benchCost()
