import type { Cost } from './measure.ts'
import { median, spread } from './spread.ts'
import type { Column } from './table.ts'

/** Somebody whose runs were measured. */
export interface Costly {
  readonly runs: readonly Cost[]
}

/** Whom to compare with: `× floor`. */
export interface Base<Row> {
  readonly title: string
  readonly runsOf: (row: Row) => readonly Cost[] | undefined
}

/** What the runs of a row cost, and how many times that of others. */
export function costColumns<Row extends Costly>(bases: readonly Base<Row>[]): readonly Column<Row>[] {
  const ratios = (key: keyof Cost): readonly Column<Row>[] =>
    bases.map(({ title, runsOf }) => ({
      title,
      cell: (row) => times(middle(row.runs, key) / middle(runsOf(row) ?? [], key)),
    }))
  return [
    { title: 'runs', cell: ({ runs }) => String(runs.length) },
    { title: 'CPU s', cell: ({ runs }) => spread(valuesOf(runs, 'cpuSeconds'), 2) },
    ...ratios('cpuSeconds'),
    { title: 'wall s', cell: ({ runs }) => spread(valuesOf(runs, 'wallSeconds'), 2) },
    ...ratios('wallSeconds'),
    { title: 'peak MB', cell: ({ runs }) => spread(valuesOf(runs, 'peakMb'), 0) },
  ]
}

/** The median of one of the costs; NaN where nothing was run. */
export function middle(runs: readonly Cost[], key: keyof Cost): number {
  return median(valuesOf(runs, key))
}

function valuesOf(runs: readonly Cost[], key: keyof Cost): readonly number[] {
  return runs.map((run) => run[key])
}

function times(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(2) : ''
}
