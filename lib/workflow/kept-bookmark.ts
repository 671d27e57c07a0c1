import type { ManifestFile } from '../report/manifest.ts'
import { writePartFile } from '../report/part-file.ts'
import { readOwnRows } from '../report/read-file.ts'
import type { Bookmark, BookmarkHead } from '../scan.ts'
import type { Store } from '../store/store.ts'

/** Leaves the bookmark of an interrupted scan in the store, under its audit. */
export async function keepBookmark(
  store: Store,
  auditId: string,
  number: number,
  { head, names }: Bookmark,
): Promise<ManifestFile> {
  const lines = {
    *[Symbol.iterator](): Iterator<string> {
      yield JSON.stringify(head)
      for (const name of names) yield JSON.stringify(name)
    },
  }
  return await writePartFile(store, auditId, number, lines)
}

/** The bookmark that was kept. */
export async function readBookmark(store: Store, auditId: string, file: ManifestFile): Promise<Bookmark> {
  let head: BookmarkHead | undefined
  const names: string[] = []
  for await (const row of readOwnRows<BookmarkHead | string>(store, auditId, file))
    if (typeof row === 'string') names.push(row)
    else head = row
  if (head === undefined) throw new TypeError('A kept bookmark has no head')
  return { head, names }
}
