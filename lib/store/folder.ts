import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from '../system-code.ts'

/** Others make and take away folders at the same time; who loses that often has lost against the file system. */
const PATIENCE = 100

/**
 * Makes a folder and those above it, to last; nothing happens where it is there.
 *
 * Not `mkdir` with `recursive`: Node 24 loops for ever where a file system refuses with ENOENT, as /proc does.
 */
export async function makeFolder(folder: string, patience = PATIENCE): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const code = systemCode(error)
    // Looked at once: between two looks somebody may take the folder away and another make it again.
    const found = code === 'EEXIST' ? await look(folder) : 'nothing'
    if (found === 'folder') return
    const isRace = code === 'ENOENT' || (code === 'EEXIST' && found === 'nothing')
    if (!isRace || patience === 0) throw error
    // Where the folder above is there after all, another process has just made it, or the file system refuses for good.
    if ((await look(dirname(folder))) !== 'folder') await makeFolder(dirname(folder), patience - 1)
    return makeFolder(folder, patience - 1)
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

async function look(path: string): Promise<'folder' | 'something else' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'something else'
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? 'nothing' : 'something else'
  }
}
