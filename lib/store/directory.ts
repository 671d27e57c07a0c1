import { createReadStream } from 'node:fs'
import { link, lstat, readdir, readFile, rename, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { sha256 } from '../digest.ts'
import { Fault } from '../errors.ts'
import { diskFault, systemCode } from './disk-fault.ts'
import { openDraft } from './draft.ts'
import { makeFolder, syncFolder } from './folder.ts'
import { checkKey, checkPrefix, isKeyPart } from './key.ts'
import { withLock } from './lock.ts'
import type { Store, StoredObject, Writer } from './store.ts'

const PLACE_TRIES = 10
const LEFTOVER_MS = 24 * 3600 * 1000
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/**
 * A store in a folder, for one machine or for several that share it.
 *
 * Every file is written whole under `.unfinished`, brought to the disk, and only then gets its name: by a hard link, which the
 * kernel gives to one of several, or, to replace, by a rename under a lock. A version is the SHA-256 of the content.
 */
export function createDirectoryStore(path: string): Store {
  const root = resolve(path)
  const scratch = join(root, '.unfinished')
  const locate = (key: string) => join(path, checkKey(key))
  const fileOf = (key: string) => join(root, checkKey(key))

  async function writer(key: string): Promise<Writer> {
    const file = fileOf(key)
    const cannot = `write ${locate(key)}`
    const draft = await trying(cannot, () => openDraft(scratch))
    return {
      write: (chunk) => trying(cannot, () => draft.write(chunk)),
      close: () =>
        trying(cannot, async () => {
          await draft.seal()
          const won = await place(draft.path, file, scratch)
          await draft.discard()
          return won
        }),
      abort: () => draft.discard().catch(() => {}), // `probe` sweeps up what stays
    }
  }

  async function putIfAbsent(key: string, content: string | Uint8Array): Promise<boolean> {
    const whole = await writer(key)
    try {
      await whole.write(content)
      return await whole.close()
    } finally {
      await whole.abort()
    }
  }

  async function get(key: string): Promise<StoredObject | undefined> {
    const file = fileOf(key)
    const bytes = await trying(`read ${locate(key)}`, () => absentAs(undefined, readFile(file)))
    return bytes && { bytes, version: sha256(bytes) }
  }

  async function* read(key: string): AsyncIterable<Uint8Array> {
    const file = fileOf(key)
    try {
      yield* createReadStream(file, { highWaterMark: 256 * 1024 })
    } catch (error) {
      if (!isAbsence(error)) throw diskFault(`read ${locate(key)}`, error)
      throw new Fault('not_found', `Cannot read ${locate(key)}: there is no such file`, { cause: error })
    }
  }

  async function* names(prefix: string): AsyncIterable<string> {
    const folder = join(root, checkPrefix(prefix))
    const entries = await trying(`list ${join(path, prefix)}`, () =>
      absentAs([], readdir(folder, { withFileTypes: true })),
    )
    yield* entries
      .filter((entry) => isKeyPart(entry.name) && (entry.isFile() || entry.isDirectory()))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort()
  }

  async function replaceIfUnchanged(
    key: string,
    content: string | Uint8Array,
    version: string,
  ): Promise<boolean> {
    const file = fileOf(key)
    const isUnchanged = async () => (await get(key))?.version === version
    if (!(await isUnchanged())) return false
    return trying(`replace ${locate(key)}`, async () => {
      const draft = await openDraft(scratch)
      try {
        await draft.write(content)
        await draft.seal()
        return await withLock(lockOf(file), scratch, async () => {
          if (!(await isUnchanged())) return false
          await rename(draft.path, file)
          await syncFolder(dirname(file))
          return true
        })
      } finally {
        await draft.discard()
      }
    })
  }

  async function remove(key: string): Promise<void> {
    const file = fileOf(key)
    await trying(`remove ${locate(key)}`, async () => {
      if (!(await exists(file))) return
      // Under the lock, or a replacement that has just compared versions would bring the object back.
      await withLock(lockOf(file), scratch, () => absentAs(undefined, unlink(file)))
      await removeEmptyFolders(dirname(file), root)
      await rmdir(scratch).catch(() => {}) // others may have work in it
    })
  }

  async function probe(): Promise<void> {
    await trying(`write to the store ${path}`, async () => {
      const draft = await openDraft(scratch)
      try {
        await draft.write('probe')
        await draft.seal()
        await sweep(scratch, draft.path)
      } finally {
        await draft.discard()
      }
    })
  }

  return { url: path, locate, probe, get, read, names, putIfAbsent, replaceIfUnchanged, writer, remove }
}

/** Gives a finished draft its name, to last; false where the name is taken. */
async function place(draft: string, file: string, scratch: string): Promise<boolean> {
  const folder = dirname(file)
  for (let tries = 1; ; tries++) {
    try {
      const placed = await linkOrRename(draft, file, scratch)
      if (placed) await syncFolder(folder)
      return placed
    } catch (error) {
      // The folder is new, or somebody has removed it because it was empty.
      if (systemCode(error) !== 'ENOENT' || tries === PLACE_TRIES) throw error
      await makeFolder(folder)
    }
  }
}

async function linkOrRename(draft: string, file: string, scratch: string): Promise<boolean> {
  try {
    await link(draft, file)
    return true
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') return false
    if (code === undefined || !NO_HARD_LINKS.has(code)) throw error
  }
  // FAT, some network shares: there the lock that guards replacing guards creating too.
  return withLock(lockOf(file), scratch, async () => {
    if (await exists(file)) return false
    await rename(draft, file)
    return true
  })
}

function lockOf(file: string): string {
  return join(dirname(file), `.${basename(file)}.lock`)
}

/** Deletes what killed processes left unfinished a day ago or earlier, by the clock of the file system, which `fresh` has just read. */
async function sweep(scratch: string, fresh: string): Promise<void> {
  const { mtimeMs: now } = await stat(fresh)
  for (const name of await readdir(scratch)) {
    const leftover = join(scratch, name)
    const written = await absentAs(undefined, stat(leftover))
    if (written && now - written.mtimeMs > LEFTOVER_MS) await rm(leftover, { recursive: true, force: true })
  }
}

async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let empty = folder; empty !== root; empty = dirname(empty)) {
    try {
      await rmdir(empty)
    } catch {
      return // not empty, so neither are those above it
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return (await absentAs(undefined, lstat(path))) !== undefined
}

async function absentAs<T, A>(absent: A, found: Promise<T>): Promise<T | A> {
  try {
    return await found
  } catch (error) {
    if (isAbsence(error)) return absent
    throw error
  }
}

// A folder, or a path through a file, is no object either: in an object store both would simply not be there.
function isAbsence(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
}

async function trying<T>(cannot: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw diskFault(cannot, error)
  }
}
