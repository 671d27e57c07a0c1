import type { Store } from '../store/store.ts'
import type { LineFormat } from './format.ts'
import type { ManifestFile } from './stored.ts'
import { type OpenFile, openFile } from './write-file.ts'

const PIECE_LENGTH = 1 << 16

/** A file with the lines that wait to be written into it. */
interface OpenLines<Row> {
  readonly file: OpenFile
  readonly toLine: (row: Row) => string
  waiting: string
}

/** Writes all files of some rows at once, so that the rows need to pass by but once; in the order of the formats. */
export async function writeLines<Row>(
  store: Store,
  auditId: string,
  rows: Iterable<Row> | AsyncIterable<Row>,
  [first, ...others]: readonly [LineFormat<Row>, ...LineFormat<Row>[]],
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
    const count = await fill(open, rows)
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
  rows: Iterable<Row> | AsyncIterable<Row>,
): Promise<number> {
  let count = 0
  for await (const row of rows) {
    count += 1
    for (const lines of open) {
      lines.waiting += lines.toLine(row)
      if (lines.waiting.length >= PIECE_LENGTH) await flush(lines)
    }
  }
  for (const lines of open) if (lines.waiting !== '') await flush(lines)
  return count
}

async function flush<Row>(lines: OpenLines<Row>): Promise<void> {
  const { waiting } = lines
  lines.waiting = ''
  await lines.file.write(waiting)
}
