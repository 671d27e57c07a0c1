import type { Store } from '../store/store.ts'
import { type LineFormat, PIECE_LENGTH } from './format.ts'
import type { ManifestFile } from './manifest.ts'
import { type OpenFile, openFile } from './write-file.ts'

/** A file with the lines that wait to be written into it. */
interface OpenLines<Row> {
  readonly file: OpenFile
  readonly toLine: (row: Row) => string
  waiting: string
}

/** Rows that were read, or are made, while they pass by. */
export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>

/** What is made of rows. */
export interface Outlets<Row> {
  readonly formats: readonly [LineFormat<Row>, ...LineFormat<Row>[]]
  /** Each is shown every row. */
  readonly watchers?: readonly ((row: Row) => void)[]
}

/** Writes all files of some rows at once, so that the rows need to pass by but once; in the order of the formats. */
export async function writeLines<Row>(
  store: Store,
  auditId: string,
  rows: Rows<Row>,
  { formats: [first, ...others], watchers = [] }: Outlets<Row>,
): Promise<[ManifestFile, ...ManifestFile[]]> {
  const open: OpenLines<Row>[] = []
  const begin = async ({ file: name, contentType, opening = '', toLine }: LineFormat<Row>) => {
    const file = await openFile(store, auditId, { name, contentType })
    open.push({ file, toLine, waiting: opening })
    return file
  }
  try {
    const head = await begin(first)
    const tail: OpenFile[] = []
    for (const format of others) tail.push(await begin(format))
    const count = await fill(open, rows, watchers)
    // Side by side: what a file waits for is the disk, or the network.
    const closing = [head.close(count), ...tail.map((file) => file.close(count))] as const
    await Promise.allSettled(closing)
    return await Promise.all(closing)
  } catch (error) {
    for (const { file } of open) await file.abort()
    throw error
  }
}

async function fill<Row>(
  open: readonly OpenLines<Row>[],
  rows: Rows<Row>,
  watchers: readonly ((row: Row) => void)[],
): Promise<number> {
  let count = 0
  // Whether it is time to write.
  const add = (row: Row): boolean => {
    count += 1
    for (const watch of watchers) watch(row)
    let isLong = false
    for (const lines of open) {
      lines.waiting += lines.toLine(row)
      isLong ||= lines.waiting.length >= PIECE_LENGTH
    }
    return isLong
  }
  // Two loops, as to wait for a row that is there already takes as long as to make a line of it.
  if (Symbol.iterator in rows) {
    for (const row of rows) if (add(row)) await flush(open, PIECE_LENGTH)
  } else {
    for await (const row of rows) if (add(row)) await flush(open, PIECE_LENGTH)
  }
  await flush(open, 1)
  return count
}

/** Writes what waits, where it is that long. */
async function flush<Row>(open: readonly OpenLines<Row>[], length: number): Promise<void> {
  for (const lines of open) {
    const { waiting } = lines
    if (waiting.length < length) continue
    lines.waiting = ''
    await lines.file.write(waiting)
  }
}
