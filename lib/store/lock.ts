import { mkdtemp, readdir, readlink, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '../errors.ts'
import { systemCode } from '../system-code.ts'
import { makeFolder } from './folder.ts'

const WAIT_MS = 20
const PATIENCE = 500

/**
 * Does some work while no other process does work under the same lock.
 *
 * The lock is a folder with one file in it, named for its owner, moved into place ready-made: a folder cannot be moved onto one
 * that is not empty, so one contender wins. The lock of a dead process is opened by deleting *its* file; where somebody else
 * was faster and owns the lock by now, that name is gone and the deletion does nothing. What may still be alive is never
 * broken: after so many looks, some ten seconds, the wait ends in a Fault.
 */
export async function withLock<T>(
  lock: string,
  scratch: string,
  work: () => Promise<T>,
  patience = PATIENCE,
): Promise<T> {
  const ticket = await makeTicket(scratch)
  const owner = [process.pid, encodeURIComponent(hostname()), basename(ticket), await pidNamespace()].join(
    '@',
  )
  try {
    await writeFile(join(ticket, owner), '')
    await acquire(ticket, lock, patience)
    try {
      return await work()
    } finally {
      await open(lock, owner)
    }
  } finally {
    await rm(ticket, { recursive: true, force: true })
  }
}

async function makeTicket(scratch: string): Promise<string> {
  for (;;) {
    try {
      return await mkdtemp(join(scratch, 'lock-'))
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      await makeFolder(scratch)
    }
  }
}

async function acquire(ticket: string, lock: string, patience: number): Promise<void> {
  for (let tries = 0; tries < patience; tries++) {
    if (await moveOnto(ticket, lock)) return
    const owner = await ownerOf(lock)
    if (owner === undefined) continue
    if (await isDead(owner)) await open(lock, owner)
    else await wait(Math.min(WAIT_MS, tries + 1))
  }
  const owner = (await ownerOf(lock)) ?? 'several in turn'
  throw new Fault(
    'unavailable',
    `Cannot lock ${lock}: it is held by another process (${owner}). If that process is gone, delete this folder and run again.`,
  )
}

async function moveOnto(ticket: string, lock: string): Promise<boolean> {
  try {
    await rename(ticket, lock)
    return true
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT')
      await makeFolder(dirname(lock)) // removed meanwhile, because it was empty
    else if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    return false
  }
}

async function ownerOf(lock: string): Promise<string | undefined> {
  const names = await readdir(lock).catch(() => [])
  return names[0]
}

async function open(lock: string, owner: string): Promise<void> {
  await unlink(join(lock, owner)).catch(() => {})
  await rmdir(lock).catch(() => {}) // fails, as it must, where another contender has just moved in
}

/** Whose process ids ours is one of; empty where the system knows no such thing, or does not tell. */
async function pidNamespace(): Promise<string> {
  const name = await readlink('/proc/self/ns/pid').catch(() => '')
  return name.replaceAll(/\D/g, '')
}

/** Two containers may share a host name and not their processes; an owner of a version that noted no namespace is taken for one of ours. */
async function isDead(owner: string): Promise<boolean> {
  const [pid, host, , namespace] = owner.split('@')
  if (host !== encodeURIComponent(hostname())) return false
  if (namespace !== undefined && namespace !== (await pidNamespace())) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return systemCode(error) === 'ESRCH'
  }
}
