import { runAudit } from '../audit-command.ts'
import { printGoals } from '../goal.ts'
import { describeFlight } from '../in-flight.ts'
import { runScript } from '../run-script.ts'
import { RUNS_FLAG, runsOf } from '../runs-of.ts'
import type { Section } from '../section.ts'
import type { PageServer } from '../server/start-page-server.ts'
import { type Contender, takeTurns } from '../take-turns.ts'
import { withPageServer } from '../with-page-server.ts'
import { type ContenderId, goalsOf, printComparison, type World } from './audit-table.ts'

const CONTENDERS = ['floor', 'audit', 'sdk-1000', 'sdk-100'] as const satisfies readonly ContenderId[]

/** An audit beside the least that reading the same backups costs, and beside Huawei's own SDK. */
export const audit: Section = {
  name: 'audit',
  says: 'An audit of CBR backups beside the least that reading them costs, and beside a loop on Huawei’s own SDK.',
  minutes: 2,
  minutesOfAll: 47,
  flags: {
    backups: { takes: 'value', value: 'N,N', says: 'How many; 100000 unless told, with --all 1000000 too.' },
    'latency-ms': {
      takes: 'value',
      value: 'N,N',
      says: 'How long answers are held back; 0 unless told, with --all 50 and 200 too where there are fewer than a million.',
    },
    only: { takes: 'value', value: 'WHO,WHO', says: `Who is run, of ${CONTENDERS.join(', ')}.` },
    runs: RUNS_FLAG,
    zipped: { takes: 'nothing', says: 'Zip pages for whoever asks for it.' },
  },
  prepare: (flags) => {
    const sizes = flags.wholes('backups', flags.isAll ? [100_000, 1_000_000] : [100_000])
    const latencies = flags.has('latency-ms') ? flags.wholes('latency-ms', [0], 0) : undefined
    const usual = (backups: number) => (flags.isAll && backups < 1_000_000 ? [0, 50, 200] : [0])
    const chosen = flags.words('only', CONTENDERS)
    const plan = { chosen, runs: runsOf(flags, CONTENDERS), isZipped: flags.has('zipped') }
    return async () => {
      const worlds: World[] = []
      for (const backups of sizes.toSorted((one, other) => one - other))
        worlds.push(...(await measureSize(backups, latencies ?? usual(backups), plan)))
      printComparison(worlds)
      for (const world of worlds) printFlight(world)
      printGoals(goalsOf(worlds))
    }
  },
}

interface Plan {
  readonly chosen: readonly ContenderId[]
  readonly runs: (id: ContenderId) => number
  readonly isZipped: boolean
}

async function measureSize(
  backups: number,
  latencies: readonly number[],
  { chosen, runs, isZipped }: Plan,
): Promise<World[]> {
  const worlds: World[] = []
  await withPageServer({ backups, isZipped }, async (server) => {
    for (const latencyMs of latencies) {
      const contenders = contendersFor(server, backups, latencyMs).filter(({ id }) => chosen.includes(id))
      const about = `${backups.toLocaleString('en-US')} backups, ${latencyMs} ms`
      worlds.push({ backups, latencyMs, results: await takeTurns(about, contenders, runs) })
    }
  })
  return worlds
}

function contendersFor(
  server: PageServer,
  backups: number,
  latencyMs: number,
): readonly Contender<ContenderId>[] {
  const game = { server, backups, manner: { latencyMs } }
  return [
    { id: 'floor', run: () => runScript('cbr-floor.mjs', [], game) },
    { id: 'audit', run: () => runAudit({ ...game, services: ['cbr'] }) },
    { id: 'sdk-1000', run: () => runScript('sdk.mjs', ['1000'], game) },
    { id: 'sdk-100', run: () => runScript('sdk.mjs', ['100'], game) },
  ]
}

/** Where an audit waits, seen from the server. */
function printFlight({ backups, latencyMs, results }: World): void {
  const run = results.get('audit')?.at(-1)
  if (run === undefined || latencyMs === 0) return
  console.log(
    `Calls under way, ${backups.toLocaleString('en-US')} backups, ${latencyMs} ms, last audit: ${describeFlight(run)}.\n`,
  )
}
