import type { Finding, ResourceRow, Summary } from '../audit/record.ts'

/** A file with a line for each finding, or for each resource: all such files of a report are written while the rows pass by once. */
export interface LineFormat<Row> {
  readonly file: string
  readonly contentType: string
  /** What stands before the first line. */
  readonly opening?: string
  /** The line of a row, with its end. */
  readonly toLine: (row: Row) => string
}

/** A file that tells of the whole: it sees every row pass by, and is written when all have. */
export interface PageFormat {
  readonly file: string
  readonly contentType: string
  readonly begin: () => PageDraft
}

/** Gives some of the findings once more, named by how many had passed by before; in their order. */
export type ReadAgain = (ordinals: ReadonlySet<number>) => AsyncIterable<Finding>

/** A page that has not seen everything yet: first all findings, then all resources, each in their order. */
export interface PageDraft {
  readonly addFinding: (finding: Finding) => void
  readonly addResource: (row: ResourceRow) => void
  /** Which findings are worth showing is only known when all were seen. */
  readonly render: (summary: Summary, again: ReadAgain) => AsyncIterable<string>
}

/** What a report consists of, beside its summary and its manifest. */
export interface Formats {
  /** The first format is the record itself: the others can be made from it again. The same holds for `resources`. */
  readonly findings: readonly [LineFormat<Finding>, ...LineFormat<Finding>[]]
  readonly resources: readonly [LineFormat<ResourceRow>, ...LineFormat<ResourceRow>[]]
  readonly pages: readonly PageFormat[]
}

/** Characters of a piece that is worth a write. */
export const PIECE_LENGTH = 1 << 16

/** The texts of rows, one after the other, joined into pieces worth a write. */
export async function* inPieces<Row>(
  rows: Iterable<Row> | AsyncIterable<Row>,
  toText: (row: Row) => string,
): AsyncIterable<string> {
  let piece = ''
  for await (const row of rows) {
    piece += toText(row)
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}
