import { Fault } from '../errors.ts'
import { systemCode } from '../system-code.ts'

/** A failed system call as a Fault that says what could not be done, why, and what to do; defects come back as they are. */
export function diskFault(cannot: string, error: unknown): unknown {
  const code = systemCode(error)
  if (error instanceof Fault || code === undefined || code.startsWith('ERR_')) return error
  return new Fault('unavailable', `Cannot ${cannot}: ${explain(code, error)} (${code})`, { cause: error })
}

function explain(code: string, error: unknown): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'this user may not; give it the right to write there, or choose another store'
    case 'EROFS':
      return 'the file system is read-only; choose a store elsewhere'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk or the quota is full; free some space, then run again'
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return 'there is a file where a folder is needed, or the reverse; move it away, or choose another store'
    case 'ENOENT':
      // Those above a folder are made first, so this is what /proc says to all who want one.
      return error instanceof Error && 'syscall' in error && error.syscall === 'mkdir'
        ? 'no folder can be made there; choose another store'
        : 'the folder vanished meanwhile; see what removed it, then run again'
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open; raise the limit (ulimit -n)'
    case 'ENAMETOOLONG':
      return 'the path is too long for this file system; choose a store with a shorter path'
    case 'EXDEV':
      return 'a part of the store is another file system; keep the whole store on one'
    default:
      return 'the file system failed; check the disk, then run again'
  }
}
