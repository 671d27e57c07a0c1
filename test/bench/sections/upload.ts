import { runAudit } from '../audit-command.ts'
import { costColumns } from '../cost-columns.ts'
import { RUNS_FLAG, runsOf } from '../runs-of.ts'
import type { Section } from '../section.ts'
import type { PageServer } from '../server/start-page-server.ts'
import { type S3Server, startS3Server } from '../server/start-s3-server.ts'
import { printTable } from '../table.ts'
import { type Contender, type Run, takeTurns } from '../take-turns.ts'
import { withPageServer } from '../with-page-server.ts'

const CONTENDERS = ['file', 's3'] as const
type ContenderId = (typeof CONTENDERS)[number]

/** The same audit, its report written to a folder and to S3. */
export const upload: Section = {
  name: 'upload',
  says: 'An audit that writes its report to S3 (a server of our own, in a process of its own) beside one that writes to a folder.',
  minutes: 1,
  flags: {
    backups: { takes: 'value', value: 'N', says: 'How many; 100000 unless told.' },
    runs: RUNS_FLAG,
  },
  prepare: (flags) => {
    const backups = flags.whole('backups', 100_000)
    const runs = runsOf(flags, CONTENDERS)
    return async () => {
      const s3 = await startS3Server()
      try {
        await withPageServer({ backups }, (server) => compareStores(server, s3, backups, runs))
      } finally {
        s3.stop()
      }
    }
  },
}

async function compareStores(
  server: PageServer,
  s3: S3Server,
  backups: number,
  runs: (id: ContenderId) => number,
): Promise<void> {
  const job = { server, backups, manner: { latencyMs: 0 }, services: ['cbr'] } as const
  const requests: (readonly string[])[] = []
  const contenders: readonly Contender<ContenderId>[] = [
    { id: 'file', run: () => runAudit(job) },
    {
      id: 's3',
      run: async () => {
        const run = await runAudit({ ...job, store: s3.store, environment: s3.environment })
        requests.push(await s3.empty())
        return run
      },
    },
  ]
  const results = await takeTurns(`${backups.toLocaleString('en-US')} backups`, contenders, runs)
  const rows: readonly Row[] = [...results].map(([id, list]) => ({ id, runs: list }))
  printTable(
    [
      { title: 'report in', cell: ({ id }) => (id === 'file' ? 'a folder' : 'S3'), isText: true },
      ...costColumns<Row>([{ title: '× folder', runsOf: () => results.get('file') }]),
      { title: 'requests to S3', cell: ({ id }) => (id === 's3' ? describe(requests.at(-1) ?? []) : '') },
    ],
    rows,
  )
}

interface Row {
  readonly id: ContenderId
  readonly runs: readonly Run[]
}

/** How many of which method: `20 (12 PUT, 8 GET)`. */
function describe(requests: readonly string[]): string {
  const byMethod = Map.groupBy(requests, (request) => request.split(' ')[0] ?? '')
  const parts = [...byMethod].map(([method, list]) => `${list.length} ${method}`)
  return `${requests.length} (${parts.join(', ')})`
}
