import * as z from 'zod/mini'

/** A row that lacks what every row must have: an id, a time of creation, a status. */
export interface UnreadableRow {
  /** What is missing or of another type. */
  readonly because: string
  readonly row: unknown
}

/** One row as it came: what it says, or why it cannot be read. */
export type Reading<Row> =
  | { readonly row: Row }
  | { readonly row?: never; readonly unreadable: UnreadableRow }

/** Reads one row; where it cannot be read that spoils no other. */
export function readRow<Row>(schema: z.ZodMiniType<Row>, wire: unknown): Reading<Row> {
  const result = z.safeParse(schema, wire)
  return result.success
    ? { row: result.data }
    : { unreadable: { because: describe(result.error.issues), row: wire } }
}

/** Reads the rows of a page. */
export function readRows<Row>(schema: z.ZodMiniType<Row>, wire: readonly unknown[]) {
  const readings = wire.map((row) => readRow(schema, row))
  return {
    rows: readings.flatMap((reading) => ('unreadable' in reading ? [] : [reading.row])),
    unreadable: readings.flatMap((reading) => ('unreadable' in reading ? [reading.unreadable] : [])),
  }
}

function describe(issues: readonly z.core.$ZodIssue[]): string {
  const fields = issues.map(({ path }) => path.join('.') || 'the row')
  return `${[...new Set(fields)].join(', ')} cannot be read`
}
