import { runAudit } from '../audit-command.ts'
import type { FlagReader } from '../flag-reader.ts'
import { type Goal, printGoals } from '../goal.ts'
import { ends } from '../in-flight.ts'
import { RUNS_FLAG, runsOf } from '../runs-of.ts'
import type { Section } from '../section.ts'
import type { PageServer } from '../server/start-page-server.ts'
import type { Limit } from '../server/token-bucket.ts'
import { median, spread } from '../spread.ts'
import { type Column, printTable } from '../table.ts'
import { type Contender, type Run, takeTurns } from '../take-turns.ts'
import { withPageServer } from '../with-page-server.ts'

const DCS = { instances: 40, recordsEach: 14 }
const USUAL: Limit = { calls: 20, seconds: 1 }
/** More calls than are few, in a window that is longer than the network is slow. */
const SLOW: Limit = { calls: 40, seconds: 10 }
const KINDS = ['cbr', 'both'] as const

/** An audit of some services behind a gateway. */
interface Row {
  readonly services: readonly ('cbr' | 'dcs')[]
  readonly limit: Limit
  readonly runs: readonly Run[]
}

/** An audit behind a gateway that takes so many calls in so much time, beside the time that this limit costs anybody. */
export const throttled: Section = {
  name: 'throttled',
  says: 'An audit behind a gateway with a token bucket that answers 429 in Huawei’s words, beside what the bucket allows at best.',
  minutes: 2,
  minutesOfAll: 8,
  flags: {
    backups: { takes: 'value', value: 'N', says: 'How many; 100000 unless told.' },
    limits: {
      takes: 'value',
      value: 'N/S,N/S',
      says: 'Calls in so many seconds, all APIs together; 20/1 unless told, with --all 40/10 too.',
    },
    services: { takes: 'value', value: 'WHO,WHO', says: 'cbr, or both (CBR and DCS); each unless told.' },
    runs: RUNS_FLAG,
  },
  prepare: (flags) => {
    const backups = flags.whole('backups', 100_000)
    const limits = readLimits(flags)
    const chosen = flags.words('services', KINDS)
    const runs = runsOf(flags, KINDS)
    return async () => {
      const rows: Row[] = []
      await withPageServer({ backups, ...DCS }, async (server) => {
        for (const limit of limits) {
          const contenders = contendersFor(server, backups, limit).filter(({ id }) => chosen.includes(id))
          const results = await takeTurns(`${limit.calls} calls in ${limit.seconds} s`, contenders, runs)
          for (const [id, list] of results) rows.push({ services: servicesOf(id), limit, runs: list })
        }
      })
      printTable(COLUMNS, rows)
      printGoals(rows.flatMap(goalsOf))
    }
  },
}

function readLimits(flags: FlagReader): readonly Limit[] {
  return flags.parse(
    'limits',
    flags.isAll ? [USUAL, SLOW] : [USUAL],
    'CALLS/SECONDS such as 20/1',
    (word) => {
      const [, calls, seconds] = /^([1-9]\d{0,5})\/([1-9]\d{0,3})$/.exec(word) ?? []
      return calls === undefined ? undefined : { calls: Number(calls), seconds: Number(seconds) }
    },
  )
}

function contendersFor(
  server: PageServer,
  backups: number,
  limit: Limit,
): readonly Contender<(typeof KINDS)[number]>[] {
  const manner = { latencyMs: 0, limit }
  const records = DCS.instances * DCS.recordsEach
  return KINDS.map((id) => ({
    id,
    run: () =>
      runAudit({
        ...{ server, manner, services: servicesOf(id) },
        backups: id === 'both' ? backups + records : backups,
      }),
  }))
}

function servicesOf(id: (typeof KINDS)[number]): Row['services'] {
  return id === 'both' ? ['cbr', 'dcs'] : ['cbr']
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'services', cell: nameOf, isText: true },
  { title: 'limit', cell: ({ limit }) => `${limit.calls} in ${limit.seconds} s` },
  { title: 'runs', cell: ({ runs }) => String(runs.length) },
  {
    title: 'requests',
    cell: ({ runs }) =>
      spread(
        runs.map(({ calls }) => calls.length),
        0,
      ),
  },
  { title: 'answered 429', cell: ({ runs }) => spread(runs.map(refusedIn), 0) },
  {
    title: 'floor s',
    cell: ({ limit, runs }) =>
      spread(
        runs.map((run) => floorSeconds(limit, run)),
        2,
      ),
  },
  { title: 'at the gateway s', cell: ({ runs }) => spread(runs.map(gatewaySeconds), 2) },
  {
    title: 'wall s',
    cell: ({ runs }) =>
      spread(
        runs.map(({ wallSeconds }) => wallSeconds),
        2,
      ),
  },
]

function goalsOf(row: Row): readonly Goal[] {
  const { limit, runs } = row
  const at = `${nameOf(row)}, ${limit.calls} in ${limit.seconds} s: `
  const ratio = (secondsOf: (run: Run) => number) =>
    median(runs.map((run) => secondsOf(run) / floorSeconds(limit, run)))
  return [
    {
      what: `${at}wall ÷ floor`,
      bound: 1.1,
      is: 'at most',
      measured: ratio(({ wallSeconds }) => wallSeconds),
    },
    { what: `${at}time at the gateway ÷ floor`, bound: 1.1, is: 'at most', measured: ratio(gatewaySeconds) },
    {
      what: `${at}% answered 429`,
      bound: 5,
      is: 'at most',
      measured: median(runs.map((run) => (100 * refusedIn(run)) / run.calls.length)),
    },
  ]
}

/** What the calls that were answered take at best: a full bucket at once, and the others as it fills. */
function floorSeconds({ calls, seconds }: Limit, run: Run): number {
  return (Math.max(0, run.calls.length - refusedIn(run) - calls) / calls) * seconds
}

function refusedIn({ calls }: Run): number {
  return calls.filter(({ status }) => status === 429).length
}

/** From the first call to the last answer: without the start of the process and what it writes at its end. */
function gatewaySeconds({ calls }: Run): number {
  const { firstMs, lastMs } = ends(calls)
  return (lastMs - firstMs) / 1000
}

function nameOf({ services }: Row): string {
  return services.join(' + ').toUpperCase()
}
