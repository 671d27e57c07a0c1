import { allEnded } from '../all-ended.ts'
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

/** Files whose rows have all passed by. */
export interface WrittenLines {
  readonly rows: number
  /** The files, in the order of their formats, once they are whole in the store: nobody needs to wait for the disk, or the network, who has other work. */
  readonly closed: Promise<[ManifestFile, ...ManifestFile[]]>
}

/** Writes all files of some rows at once, so that the rows need to pass by but once. */
export async function writeLines<Row>(
  store: Store,
  auditId: string,
  rows: Rows<Row>,
  { formats: [first, ...others], watchers = [] }: Outlets<Row>,
): Promise<WrittenLines> {
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
    const closed = closeAll(head, tail, count)
    closed.catch(() => {}) // whoever asks for the files hears of it
    return { rows: count, closed }
  } catch (error) {
    for (const { file } of open) await file.abort()
    throw error
  }
}

/** Side by side; where one cannot be closed, all the others have ended too. */
async function closeAll(
  head: OpenFile,
  tail: readonly OpenFile[],
  count: number,
): Promise<[ManifestFile, ...ManifestFile[]]> {
  try {
    const [first, others] = await allEnded([
      head.close(count),
      allEnded(tail.map((file) => file.close(count))),
    ])
    return [first, ...others]
  } catch (error) {
    for (const file of [head, ...tail]) await file.abort()
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
