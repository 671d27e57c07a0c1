import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { absentAs } from './absence.ts'

const LEFTOVER_MS = 24 * 3600 * 1000

/** Deletes what killed processes left unfinished a day ago or earlier, by the clock of the file system, which `fresh` has just read. */
export async function sweep(scratch: string, fresh: string): Promise<void> {
  const { mtimeMs: now } = await stat(fresh)
  for (const name of await readdir(scratch)) {
    const leftover = join(scratch, name)
    const written = await absentAs(undefined, stat(leftover))
    if (written && now - written.mtimeMs > LEFTOVER_MS) await rm(leftover, { recursive: true, force: true })
  }
}
