import type { Goal } from '../goal.ts'
import { ends } from '../in-flight.ts'
import type { Limit } from '../server/token-bucket.ts'
import { median, spread } from '../spread.ts'
import { type Column, printTable } from '../table.ts'
import type { Run } from '../take-turns.ts'

/** Audits of some services behind a gateway. */
export interface Throttled {
  readonly services: readonly ('cbr' | 'dcs')[]
  readonly limit: Limit
  readonly runs: readonly Run[]
}

const COLUMNS: readonly Column<Throttled>[] = [
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

/** Prints one line for each limit and set of services. */
export function printThrottled(rows: readonly Throttled[]): void {
  printTable(COLUMNS, rows)
}

/** The goals of issue 5 that concern throttling. */
export function throttleGoals(row: Throttled): readonly Goal[] {
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

function nameOf({ services }: Throttled): string {
  return services.join(' + ').toUpperCase()
}
