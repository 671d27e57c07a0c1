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

/** Joins small texts into pieces worth a write; nothing is lost, and order stays. */
export async function* inPieces(texts: AsyncIterable<string>): AsyncIterable<string> {
  let piece = ''
  for await (const text of texts) {
    piece += text
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

/** The texts of rows, one after the other, after an optional opening text. */
export async function* eachAsText<Row>(
  rows: AsyncIterable<Row>,
  toText: (row: Row) => string,
  opening = '',
): AsyncIterable<string> {
  if (opening !== '') yield opening
  for await (const row of rows) yield toText(row)
}
