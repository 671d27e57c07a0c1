import { lstat, mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from './disk-fault.ts'

/**
 * Makes a folder and those above it, to last; nothing happens where it is there.
 *
 * Not `mkdir` with `recursive`: Node 24 loops for ever where a file system refuses with ENOENT, as /proc does.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST' && (await isFolder(folder))) return
    if (code === 'EEXIST' && (await isGone(folder))) return makeFolder(folder)
    if (code !== 'ENOENT' || (await isFolder(dirname(folder)))) throw error
    await makeFolder(dirname(folder))
    return makeFolder(folder)
  }
  await syncFolder(dirname(folder))
}

/** Brings the names in a folder to the disk: without it a crash of the machine may undo a finished rename. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Some network file systems sync no folders; the content itself is on the disk.
    if (systemCode(error) !== 'EINVAL' && systemCode(error) !== 'ENOTSUP') throw error
  } finally {
    await handle.close()
  }
}

/** Somebody may have taken the folder away in between, because it was empty. */
async function isGone(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error) => systemCode(error) === 'ENOENT',
  )
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
