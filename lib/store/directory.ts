import { lstat, readdir, readFile, rename, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sha256 } from '../digest.ts'
import { Fault } from '../errors.ts'
import { systemCode } from '../system-code.ts'
import { absentAs, isAbsence } from './absence.ts'
import { diskFault } from './disk-fault.ts'
import { openDraft } from './draft.ts'
import { syncFolder } from './folder.ts'
import { checkKey, checkPrefix, isKeyPart } from './key.ts'
import { withLock } from './lock.ts'
import { lockOf, place } from './place.ts'
import { readPieces } from './read-pieces.ts'
import type { Store, StoredObject, Writer } from './store.ts'
import { sweep } from './sweep.ts'

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

  /** A path through a file leads to nothing, as in an object store; where a file stands in the place of the store itself, it hides what may be there. */
  const saysAbsent = async (error: unknown): Promise<boolean> =>
    isAbsence(error) || (systemCode(error) === 'ENOTDIR' && (await stat(root)).isDirectory())

  async function orAbsent<T, A>(absent: A, found: Promise<T>): Promise<T | A> {
    try {
      return await found
    } catch (error) {
      if (await saysAbsent(error)) return absent
      throw error
    }
  }

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
    const bytes = await trying(`read ${locate(key)}`, () => orAbsent(undefined, readFile(file)))
    return bytes && { bytes, version: sha256(bytes) }
  }

  async function* read(key: string): AsyncIterable<Uint8Array> {
    const file = fileOf(key)
    try {
      yield* readPieces(file)
    } catch (error) {
      if (!(await saysAbsent(error))) throw diskFault(`read ${locate(key)}`, error)
      throw new Fault('not_found', `Cannot read ${locate(key)}: there is no such file`, { cause: error })
    }
  }

  async function* names(prefix: string): AsyncIterable<string> {
    const folder = join(root, checkPrefix(prefix))
    const entries = await trying(`list ${join(path, prefix)}`, () =>
      orAbsent([], readdir(folder, { withFileTypes: true })),
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
      if ((await orAbsent(undefined, lstat(file))) === undefined) return
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

async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let empty = folder; empty !== root; empty = dirname(empty)) {
    try {
      await rmdir(empty)
    } catch {
      return // not empty, so neither are those above it
    }
  }
}

async function trying<T>(cannot: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw diskFault(cannot, error)
  }
}
