import type { AuditRecord } from '../audit/record.ts'

/** One rendering of the record: a file of the report, made piece by piece from nothing but the record. */
export interface Format {
  readonly file: string
  readonly contentType: string
  /** What a row of it is, so that the manifest can count them; undefined where it has no rows. */
  readonly rowsOf: 'findings' | 'resources' | undefined
  readonly render: (record: AuditRecord) => AsyncIterable<string>
}

const PIECE_LENGTH = 1 << 16

/** The texts of rows, one after the other behind an optional opening text, joined into pieces worth a write. */
export async function* inPieces<Row>(
  rows: Iterable<Row> | AsyncIterable<Row>,
  toText: (row: Row) => string,
  opening = '',
): AsyncIterable<string> {
  let piece = opening
  for await (const row of rows) {
    piece += toText(row)
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}
