import { createHash } from 'node:crypto'
import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { ManifestFile } from './stored.ts'

/** What a file is made from. */
export interface Draft {
  readonly name: string
  readonly contentType: string
  readonly pieces: AsyncIterable<string>
  /** Asked once the pieces were written. */
  readonly rows: () => number | null
}

/** Writes a file that was not there, or proves that what is there is the same; memory stays flat. */
export async function writeFile(store: Store, auditId: string, draft: Draft): Promise<ManifestFile> {
  const key = `${auditId}/${draft.name}`
  const hash = createHash('sha256')
  let size = 0
  const writer = await store.writer(key, draft.contentType)
  let isFirst: boolean
  try {
    for await (const piece of draft.pieces) {
      const bytes = Buffer.from(piece)
      hash.update(bytes)
      size += bytes.length
      await writer.write(bytes)
    }
    isFirst = await writer.close()
  } catch (error) {
    // The reason of the failure is worth more than a failure to clean up after it.
    await writer.abort().catch(() => undefined)
    throw error
  }
  const sha256 = hash.digest('hex')
  if (!isFirst) await requireSame(store, key, sha256)
  return { name: draft.name, sha256, bytes: size, rows: draft.rows() }
}

async function requireSame(store: Store, key: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  for await (const bytes of store.read(key)) hash.update(bytes)
  if (hash.digest('hex') !== sha256) throw alreadyThere(store, key)
}

/** The fault of a file that another run wrote, with other content, under the same audit. */
export function alreadyThere(store: Store, key: string): Fault {
  return new Fault(
    'conflict',
    `Cannot write "${store.locate(key)}": it is there already with other content. Run the audit again, so that it gets a name of its own`,
  )
}
