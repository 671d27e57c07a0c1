import { describe, expect, it } from 'vitest'
import { listAll } from '../../../../lib/huawei/list-all.ts'
import type { Page, PageQuery } from '../../../../lib/huawei/listing/listing.ts'
import { parseTime } from '../../../../lib/parse-time.ts'
import type { Instant } from '../../../../lib/time.ts'
import { dice, HORIZON } from '../../../support/moving-collection.ts'
import { createVirtualClock } from '../../../support/virtual-clock.ts'

const [HOUR, DAY] = [3600e6, 86_400e6]
const LATENCY_MS = 200

interface Row {
  readonly id: string
  readonly createdAt: Instant
}

/** How long ago a backup was made, in microseconds. */
type Age = (random: () => number) => number

const night: Age = (random) => Math.floor(random() * 30) * DAY + 7 * HOUR + random() * HOUR
const clouds: readonly (readonly [string, Age, rounds: number])[] = [
  ['spread evenly over a year', (random) => random() * 365 * DAY, 9],
  ['made night by night', night, 10],
  ['of a fleet that grew', (random) => HOUR - Math.max(-8, Math.log(random())) * 46 * DAY, 16],
  ['made in one night but for a tenth', rarely(0.1, (random) => 100 * DAY + random() * 3 * HOUR), 26],
  ['made within an hour but for a few', rarely(0.02, (random) => 100 * DAY + random() * HOUR), 29],
  ['made in the last week but for a few', rarely(0.05, (random) => HOUR + random() * 7 * DAY), 18],
]

function rarely(share: number, usual: Age): Age {
  return (random) => (random() < share ? random() * 365 * DAY : usual(random))
}

describe('a list of 100 pages, sixteen of them read at a time', () => {
  it.each(clouds)(
    'of backups %s takes few rounds, and 1.2 requests a page at most',
    async (_, age, rounds) => {
      const { seen, requests, wallMs } = await list(10_000, age)
      expect(seen).toBe(10_000)
      expect(requests).toBeLessThanOrEqual(126)
      expect(wallMs / LATENCY_MS).toBeLessThanOrEqual(rounds)
    },
  )
})

describe('a list of one page', () => {
  it('takes one round for its ends, one for its rows, and one to make sure of them', async () => {
    const { seen, requests, wallMs } = await list(50, night)
    expect({ seen, requests, rounds: wallMs / LATENCY_MS }).toEqual({ seen: 50, requests: 6, rounds: 3 })
  })
})

/** Lists a cloud that stands still, each answer of which takes as long. */
async function list(rows: number, age: Age) {
  const [random, clock] = [dice(rows), createVirtualClock()]
  const cloud = Array.from({ length: rows }, (_, index) => ({
    id: `row-${index}`,
    createdAt: Math.floor(HORIZON - age(random)) as Instant,
  })).sort((one, other) => one.createdAt - other.createdAt)
  const fetchPage = async (query: PageQuery) => {
    await clock.sleep(LATENCY_MS)
    return serve(cloud, new Map(query.parameters))
  }
  const listing = listAll<Row>({
    fetchPage,
    keyOf: (row) => row,
    horizon: HORIZON,
    concurrency: 16,
    pageLimit: 100,
  })
  let seen = 0
  const readAll = async () => {
    for await (const batch of listing) seen += batch.length
  }
  await clock.run(readAll())
  expect(listing.outcome().incompleteBecause).toEqual([])
  return { seen, requests: listing.outcome().requests, wallMs: clock.nowMs() }
}

function serve(cloud: readonly Row[], parameters: ReadonlyMap<string, string>): Page<Row> {
  const [start, end] = ['start_time', 'end_time'].map((name) => parseTime(parameters.get(name) ?? ''))
  const found = cloud.filter(
    ({ createdAt }) => createdAt >= (start ?? 0) && createdAt <= (end ?? Number.POSITIVE_INFINITY),
  )
  const sorted = parameters.get('sort') === 'created_at:desc' ? found.toReversed() : found
  return { rows: sorted.slice(0, Number(parameters.get('limit'))), count: found.length, limit: undefined }
}
