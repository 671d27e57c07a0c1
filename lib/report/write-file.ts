import { createHash } from 'node:crypto'
import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { ManifestFile } from './manifest.ts'

const encoder = new TextEncoder()
/** Texts become bytes in one piece of memory per file, used again and again: pieces of their own are garbage that costs more than their making. */
const SCRATCH_BYTES = 1 << 17

/** What a file is called, and what it holds. */
export interface FileName {
  readonly name: string
  readonly contentType: string
}

/** What a file is made from. */
export interface Draft extends FileName {
  readonly pieces: AsyncIterable<string>
  /** Asked once the pieces were written. */
  readonly rows: () => number | null
}

/** A file that is being written; nobody sees it before it is closed. */
export interface OpenFile {
  readonly write: (text: string) => Promise<void>
  /** Ends it, or proves that what was there before is the same; a Fault `conflict` where it is not. */
  readonly close: (rows: number | null) => Promise<ManifestFile>
  /** Gives it up, and never fails: the reason for giving up is worth more than a failure to clean up after it. */
  readonly abort: () => Promise<void>
}

/** Writes a file that was not there, or proves that what is there is the same; memory stays flat. */
export async function writeFile(store: Store, auditId: string, draft: Draft): Promise<ManifestFile> {
  const file = await openFile(store, auditId, draft)
  try {
    for await (const piece of draft.pieces) await file.write(piece)
    return await file.close(draft.rows())
  } catch (error) {
    await file.abort()
    throw error
  }
}

/** Begins a file of an audit. */
export async function openFile(
  store: Store,
  auditId: string,
  { name, contentType }: FileName,
): Promise<OpenFile> {
  const key = `${auditId}/${name}`
  const hash = createHash('sha256')
  let size = 0
  const writer = await store.writer(key, contentType)
  const scratch = new Uint8Array(SCRATCH_BYTES)
  return {
    write: async (text) => {
      for (let rest = text; rest !== ''; ) {
        const { read, written } = encoder.encodeInto(rest, scratch)
        const bytes = scratch.subarray(0, written)
        hash.update(bytes)
        size += written
        await writer.write(bytes)
        rest = rest.slice(read)
      }
    },
    close: async (rows) => {
      const isFirst = await writer.close()
      const sha256 = hash.digest('hex')
      if (!isFirst) await requireSame(store, key, sha256)
      return { name, sha256, bytes: size, rows }
    },
    abort: () => writer.abort().catch(() => undefined),
  }
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
