import { lstat } from 'node:fs/promises'
import { systemCode } from '../system-code.ts'

/** What was found on the disk, or this where nothing is there. */
export async function absentAs<T, A>(absent: A, found: Promise<T>): Promise<T | A> {
  try {
    return await found
  } catch (error) {
    if (isAbsence(error)) return absent
    throw error
  }
}

/** Whether anything has this path. */
export async function exists(path: string): Promise<boolean> {
  return (await absentAs(undefined, lstat(path))) !== undefined
}

/** Whether an error says that there is no such object: a folder is none either, as in an object store. A file where a folder belongs hides what may be there. */
export function isAbsence(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'ENOENT' || code === 'EISDIR'
}
