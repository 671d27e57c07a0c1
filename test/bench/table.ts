/** A column of a table in Markdown; numbers stand to the right. */
export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  readonly isText?: boolean
}

/** Prints a table in Markdown. */
export function printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  console.log(line(columns.map(({ title }) => title)))
  console.log(line(columns.map(({ isText }) => (isText ? '---' : '---:'))))
  for (const row of rows) console.log(line(columns.map(({ cell }) => cell(row))))
  console.log('')
}
