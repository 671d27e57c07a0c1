import { link, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemCode } from '../system-code.ts'
import { exists } from './absence.ts'
import { makeFolder, syncFolder } from './folder.ts'
import { withLock } from './lock.ts'

const PLACE_TRIES = 10
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/** Gives a finished draft its name, to last; false where the name is taken. */
export async function place(draft: string, file: string, scratch: string): Promise<boolean> {
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

/** The lock that guards a file. */
export function lockOf(file: string): string {
  return join(dirname(file), `.${basename(file)}.lock`)
}
