import { columnsOf, cutToColumns, printable } from './printable.ts'

/** A column of a table for people. */
export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  /** To how few columns of the terminal it may be cut; one without is shown whole or not at all. */
  readonly least?: number
  /** The higher, the sooner it is left out where room is short. */
  readonly rank: number
  readonly paint?: (text: string, row: Row) => string
}

/** A column with what stands in it. */
interface Filled<Row> extends Column<Row> {
  readonly cells: readonly string[]
  readonly natural: number
}

const GAP = '  '

/** The lines of a table that fits so many columns: cells are made printable and cut, columns left out by rank. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): readonly string[] {
  const chosen = choose(
    columns.map((column) => fill(column, rows)),
    width,
  )
  const widths = share(chosen, width)
  const line = (cellOf: (column: Filled<Row>) => string, paintOf?: (column: Filled<Row>) => Paint) =>
    chosen
      .map((column, index) => {
        const columnWidth = widths[index] ?? 0
        const text = cutToColumns(cellOf(column), columnWidth)
        const padding = index === chosen.length - 1 ? '' : ' '.repeat(columnWidth - columnsOf(text))
        return (paintOf?.(column)(text) ?? text) + padding
      })
      .join(GAP)
  return [
    line(({ title }) => title),
    ...rows.map((row, index) =>
      line(
        ({ cells }) => cells[index] ?? '',
        ({ paint }) =>
          (text) =>
            paint?.(text, row) ?? text,
      ),
    ),
  ].map((text) => text.trimEnd())
}

type Paint = (text: string) => string

function fill<Row>(column: Column<Row>, rows: readonly Row[]): Filled<Row> {
  const cells = rows.map((row) => printable(column.cell(row)))
  const natural = cells.reduce((most, cell) => Math.max(most, columnsOf(cell)), columnsOf(column.title))
  return { ...column, cells, natural }
}

/** The most important columns that fit in their least width, in the order in which they were given. */
function choose<Row>(columns: readonly Filled<Row>[], width: number): readonly Filled<Row>[] {
  const chosen = new Set<Filled<Row>>()
  let used = -GAP.length
  for (const column of columns.toSorted((left, right) => left.rank - right.rank)) {
    const needed = leastOf(column) + GAP.length
    if (used + needed > width && chosen.size > 0) break
    chosen.add(column)
    used += needed
  }
  return columns.filter((column) => chosen.has(column))
}

/** Gives what is left of the width, one by one, to the columns that were cut. */
function share<Row>(columns: readonly Filled<Row>[], width: number): readonly number[] {
  const widths = columns.map(leastOf)
  let left = width - widths.reduce((sum, least) => sum + least + GAP.length, -GAP.length)
  while (left > 0) {
    const wanting = columns.flatMap(({ natural }, index) => (natural > (widths[index] ?? 0) ? [index] : []))
    if (wanting.length === 0) break
    for (const index of wanting.slice(0, left)) widths[index] = (widths[index] ?? 0) + 1
    left -= Math.min(left, wanting.length)
  }
  return widths
}

function leastOf<Row>({ least, natural }: Filled<Row>): number {
  return least === undefined ? natural : Math.min(least, natural)
}
