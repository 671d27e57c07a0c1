import { type FileHandle, open, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../system-code.ts'
import { makeFolder } from './folder.ts'
import { createGatherer } from './gather.ts'

/** Half of what Node writes at once; as much again is filled meanwhile. */
const FLUSH_BYTES = 256 * 1024

/** A file in the making, where no reader looks. */
export interface Draft {
  readonly path: string
  /** Adds to the file; small pieces are gathered into larger ones, and a failure may show only with a later piece, or in `seal`. */
  readonly write: (chunk: string | Uint8Array) => Promise<void>
  /** Brings all of it to the disk, past every cache; nothing can be added then. */
  readonly seal: () => Promise<void>
  /** Deletes the draft under its own name, and an emptied folder; other names that it was given stay. May be called twice. */
  readonly discard: () => Promise<void>
}

/** Opens a draft under a name that no other process has; the folder is made where it is missing. */
export async function openDraft(folder: string): Promise<Draft> {
  const { path, handle } = await openExclusively(folder)
  let spare: Buffer = Buffer.allocUnsafe(FLUSH_BYTES)
  let writing = Promise.resolve()
  // The disk writes while the next piece is made.
  const gathered = createGatherer(FLUSH_BYTES, async (full) => {
    await writing
    const free = spare
    spare = full
    writing = handle.writeFile(full)
    writing.catch(() => {}) // whoever adds or seals next hears of it
    return free
  })
  return {
    path,
    write: gathered.add,
    async seal() {
      await writing
      await handle.writeFile(gathered.rest())
      await handle.sync()
      await handle.close()
    },
    async discard() {
      await handle.close()
      await rm(path, { force: true })
      await rmdir(folder).catch(() => {}) // others may have work in it
    },
  }
}

let opened = 0

async function openExclusively(folder: string): Promise<{ path: string; handle: FileHandle }> {
  for (;;) {
    const path = join(folder, `${process.pid}-${opened++}`)
    try {
      return { path, handle: await open(path, 'wx') }
    } catch (error) {
      const code = systemCode(error)
      if (code === 'ENOENT') await makeFolder(folder)
      else if (code !== 'EEXIST') throw error
    }
  }
}
