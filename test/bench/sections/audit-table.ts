import { costColumns, middle } from '../cost-columns.ts'
import type { Goal } from '../goal.ts'
import { median } from '../spread.ts'
import { type Column, printTable } from '../table.ts'
import type { Results, Run } from '../take-turns.ts'

export type ContenderId = 'floor' | 'audit' | 'sdk-1000' | 'sdk-100'

/** What was measured with so many backups at such a latency. */
export interface World {
  readonly backups: number
  readonly latencyMs: number
  readonly results: Results<ContenderId>
}

interface Row extends World {
  readonly id: ContenderId
  readonly runs: readonly Run[]
}

const NAMES: Readonly<Record<ContenderId, string>> = {
  floor: 'floor',
  audit: '**audit**',
  'sdk-1000': 'Huawei SDK, limit 1000',
  'sdk-100': 'Huawei SDK, limit 100',
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'backups', cell: ({ backups }) => backups.toLocaleString('en-US') },
  { title: 'latency', cell: ({ latencyMs }) => `${latencyMs} ms` },
  { title: 'what', cell: ({ id }) => NAMES[id], isText: true },
  ...costColumns<Row>([
    { title: '× floor', runsOf: ({ results }) => results.get('floor') },
    { title: '× SDK', runsOf: ({ results }) => results.get('sdk-1000') },
  ]),
  { title: 'requests', cell: ({ runs }) => String(median(runs.map(({ calls }) => calls.length))) },
]

/** Prints one line for each contender in each world. */
export function printComparison(worlds: readonly World[]): void {
  const rows = worlds.flatMap((world) =>
    [...world.results].map(([id, runs]): Row => ({ ...world, id, runs })),
  )
  printTable(
    COLUMNS,
    rows.filter(({ runs }) => runs.length > 0),
  )
}

/** The goals of issue 5 that concern these worlds; what cannot be told of them is NaN. */
export function goalsOf(worlds: readonly World[]): readonly Goal[] {
  const least = worlds.find(({ latencyMs }) => latencyMs === 0)
  return worlds.flatMap((world) => [
    ...(world.latencyMs === 0 ? costGoals(world) : []),
    ...(world.latencyMs === 0 && world !== least && least !== undefined ? [memoryGoal(world, least)] : []),
    ...(world.latencyMs === 200 ? speedGoals(world) : []),
    requestsGoal(world),
  ])
}

function costGoals(world: World): readonly Goal[] {
  const at = `${short(world.backups)}: `
  const cpu = (id: ContenderId) => middle(runsIn(world, id), 'cpuSeconds')
  return [
    { what: `${at}CPU ÷ floor`, bound: 1.5, is: 'at most', measured: cpu('audit') / cpu('floor') },
    {
      what: `${at}CPU ÷ SDK at limit 1000`,
      bound: 0.75,
      is: 'at most',
      measured: cpu('audit') / cpu('sdk-1000'),
    },
    ...(world.backups >= 1_000_000
      ? [
          {
            what: `${at}peak MB`,
            bound: 256,
            is: 'at most',
            measured: middle(runsIn(world, 'audit'), 'peakMb'),
          } as const,
        ]
      : []),
  ]
}

function memoryGoal(world: World, least: World): Goal {
  return {
    what: `peak at ${short(world.backups)} ÷ peak at ${short(least.backups)}`,
    bound: 1.2,
    is: 'at most',
    measured: middle(runsIn(world, 'audit'), 'peakMb') / middle(runsIn(least, 'audit'), 'peakMb'),
  }
}

function speedGoals(world: World): readonly Goal[] {
  const wall = (id: ContenderId) => middle(runsIn(world, id), 'wallSeconds')
  return ([1000, 100] as const).map((limit) => ({
    what: `${short(world.backups)}, 200 ms: times as fast as the SDK at limit ${limit}`,
    bound: limit === 1000 ? 8 : 60,
    is: 'at least',
    measured: wall(`sdk-${limit}`) / wall('audit'),
  }))
}

/** Of the list of backups; what is asked of vaults comes on top. */
function requestsGoal({ backups, latencyMs, results }: World): Goal {
  const runs = results.get('audit') ?? []
  const pages = Math.ceil(backups / 1000)
  return {
    what: `${short(backups)}, ${latencyMs} ms: requests for backups`,
    bound: backups >= 1_000_000 ? 1.06 * pages : 1.2 * pages + 6,
    is: 'at most',
    measured: median(runs.map(({ calls }) => calls.filter(({ url }) => url.includes('/backups?')).length)),
  }
}

function runsIn({ results }: World, id: ContenderId): readonly Run[] {
  return results.get(id) ?? []
}

function short(backups: number): string {
  return backups >= 1_000_000 ? `${backups / 1_000_000}M` : `${backups / 1000}k`
}
