import { runAudit } from '../audit-command.ts'
import { costColumns } from '../cost-columns.ts'
import { runScript } from '../run-script.ts'
import { RUNS_FLAG, runsOf } from '../runs-of.ts'
import type { Section } from '../section.ts'
import type { PageServer } from '../server/start-page-server.ts'
import { median } from '../spread.ts'
import { type Column, printTable } from '../table.ts'
import { type Contender, type Results, type Run, takeTurns } from '../take-turns.ts'
import { withPageServer } from '../with-page-server.ts'

const CONTENDERS = ['floor', 'audit'] as const
type ContenderId = (typeof CONTENDERS)[number]

/** An audit of DCS beside the least that reading the same records costs: there each instance is asked for its own. */
export const dcs: Section = {
  name: 'dcs',
  says: 'An audit of DCS beside the least that asking each instance for its records costs.',
  minutes: 1,
  flags: {
    instances: { takes: 'value', value: 'N', says: 'How many; 2000 unless told.' },
    records: { takes: 'value', value: 'N', says: 'How many of each; 14 unless told.' },
    'latency-ms': { takes: 'value', value: 'N,N', says: 'How long answers are held back; 0 unless told.' },
    runs: RUNS_FLAG,
  },
  prepare: (flags) => {
    const instances = flags.whole('instances', 2000)
    const recordsEach = flags.whole('records', 14)
    const latencies = flags.wholes('latency-ms', [0], 0)
    const runs = runsOf(flags, CONTENDERS)
    return async () => {
      const rows: Row[] = []
      await withPageServer({ instances, recordsEach }, async (server) => {
        for (const latencyMs of latencies) {
          const contenders = contendersFor(server, instances * recordsEach, latencyMs)
          const results = await takeTurns(`${instances} instances, ${latencyMs} ms`, contenders, runs)
          for (const [id, list] of results) rows.push({ id, latencyMs, results, runs: list })
        }
      })
      console.log(`${instances.toLocaleString('en-US')} instances with ${recordsEach} records each.\n`)
      printTable(COLUMNS, rows)
    }
  },
}

interface Row {
  readonly id: ContenderId
  readonly latencyMs: number
  readonly results: Results<ContenderId>
  readonly runs: readonly Run[]
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'latency', cell: ({ latencyMs }) => `${latencyMs} ms` },
  { title: 'what', cell: ({ id }) => id, isText: true },
  ...costColumns<Row>([{ title: '× floor', runsOf: ({ results }) => results.get('floor') }]),
  { title: 'requests', cell: ({ runs }) => String(median(runs.map(({ calls }) => calls.length))) },
]

function contendersFor(
  server: PageServer,
  backups: number,
  latencyMs: number,
): readonly Contender<ContenderId>[] {
  const game = { server, manner: { latencyMs }, backups }
  return [
    { id: 'floor', run: () => runScript('dcs-floor.mjs', [], game) },
    { id: 'audit', run: () => runAudit({ ...game, services: ['dcs'] }) },
  ]
}
