import { type Column, printTable } from './table.ts'

/** A bound beyond which so much counts as missed: measuring again gives another figure. */
const TOLERANCE = 1.1

/** What is to be reached, and what was. */
export interface Goal {
  readonly what: string
  readonly bound: number
  readonly is: 'at most' | 'at least'
  readonly measured: number
}

const COLUMNS: readonly Column<Goal>[] = [
  { title: 'goal', cell: ({ what }) => what, isText: true },
  { title: 'bound', cell: ({ is, bound }) => `${is === 'at most' ? '≤' : '≥'} ${short(bound)}` },
  { title: 'measured', cell: ({ measured }) => short(measured) },
  { title: '', cell: verdictOn, isText: true },
]

/** Prints which goals were met. */
export function printGoals(goals: readonly Goal[]): void {
  const known = goals.filter(({ measured }) => Number.isFinite(measured))
  if (known.length > 0) printTable(COLUMNS, known)
}

/** Whether a goal was met: with a tenth of tolerance, which is said. */
export function verdictOn({ is, bound, measured }: Goal): string {
  const excess = is === 'at most' ? measured / bound : bound / measured
  if (excess <= 1) return 'met'
  return excess <= TOLERANCE ? `met, with ${short(excess)} × the bound` : '**missed**'
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}
