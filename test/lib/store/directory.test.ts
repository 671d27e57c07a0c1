import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDirectoryStore } from '../../../lib/store/directory.ts'
import { withLock } from '../../../lib/store/lock.ts'
import { describeStore } from '../../contract/store.ts'

const link = vi.hoisted(() => ({ isSupported: true }))
vi.mock(import('node:fs/promises'), async (importActual) => {
  const actual = await importActual()
  const refuse = () => Promise.reject(Object.assign(new Error('EPERM: link'), { code: 'EPERM' }))
  return { ...actual, link: (from, to) => (link.isSupported ? actual.link(from, to) : refuse()) }
})

const startDirectory = async () => {
  const address = await mkdtemp(join(tmpdir(), 'store-'))
  return { address: `file:${address}`, stop: () => rm(address, { recursive: true }) }
}

describeStore('a directory', startDirectory)

describe('on a file system without hard links', () => {
  beforeEach(() => {
    link.isSupported = false
    return () => {
      link.isSupported = true
    }
  })
  describeStore('a directory without hard links', startDirectory, { hasProcesses: false })
})

describe('createDirectoryStore', () => {
  let root: string
  beforeEach(async () => {
    root = join(await mkdtemp(join(tmpdir(), 'store-')), 'reports')
  })
  afterEach(() => rm(join(root, '..'), { recursive: true }))

  const isFault = (message: RegExp) =>
    expect.objectContaining({ name: 'Fault', code: 'unavailable', message: expect.stringMatching(message) })

  it('makes its folder on probe, with nothing in it', async () => {
    await createDirectoryStore(root).probe()
    expect(await readdir(root)).toEqual([])
  })

  it('makes no folder before something is written', async () => {
    const store = createDirectoryStore(root)
    expect(await store.get('a')).toBeUndefined()
    await expect(stat(root)).rejects.toThrow('ENOENT')
  })

  it('leaves no folder behind that a removal has emptied', async () => {
    const store = createDirectoryStore(root)
    await store.putIfAbsent('audit/parts/1/x', '')
    await store.putIfAbsent('audit/manifest.json', '')
    await store.remove('audit/parts/1/x')
    expect(await readdir(join(root, 'audit'))).toEqual(['manifest.json'])
  })

  it('leaves nothing unfinished behind, whatever was done', async () => {
    const store = createDirectoryStore(root)
    await store.putIfAbsent('a', 'first')
    expect(await readdir(root)).toEqual(['a'])
    await store.replaceIfUnchanged('a', 'second', (await store.get('a'))?.version ?? '')
    expect(await readdir(root)).toEqual(['a'])
    const [kept, dropped] = [await store.writer('b', 'text/plain'), await store.writer('c', 'text/plain')]
    await dropped.abort()
    await kept.close()
    expect(await readdir(root)).toEqual(['a', 'b'])
    await store.remove('b')
    expect(await readdir(root)).toEqual(['a'])
  })

  it('writes at any time, although others take the emptied folder away again and again', async () => {
    const store = createDirectoryStore(root)
    const writers = Array.from({ length: 3 }, async (_, writer) => {
      for (let write = 0; write < 60; write++) await store.putIfAbsent(`k-${writer}-${write}`, '')
    })
    await Promise.all(writers)
    expect(await readdir(root)).toHaveLength(3 * 60)
  })

  it('sweeps up what a killed process left a day ago, and nothing younger', async () => {
    const scratch = join(root, '.unfinished')
    await mkdir(join(scratch, 'lock-old'), { recursive: true })
    for (const name of ['old', 'young', 'lock-old/1@host@x'])
      await writeFile(join(scratch, name), 'half of it')
    for (const name of ['old', 'lock-old']) await utimes(join(scratch, name), new Date(), daysAgo(1.1))
    await createDirectoryStore(root).probe()
    expect(await readdir(scratch)).toEqual(['young'])
  })

  it('shows no file whose name is no key', async () => {
    const store = createDirectoryStore(root)
    await store.putIfAbsent('a', '')
    await writeFile(join(root, 'notes of mine.txt'), '')
    await mkdir(join(root, '.git'))
    const names: string[] = []
    for await (const name of store.names('')) names.push(name)
    expect(names).toEqual(['a'])
  })

  it('says that a file is in the way', async () => {
    await writeFile(root, '')
    const store = createDirectoryStore(root)
    await expect(store.probe()).rejects.toEqual(
      isFault(/^Cannot write to the store .*reports: there is a file .* another store/),
    )
    await expect(store.putIfAbsent('a', '')).rejects.toEqual(
      isFault(/^Cannot write .*reports\/a: there is a file/),
    )
  })

  it('does not call absent what a file in the way hides', async () => {
    const store = createDirectoryStore(root)
    const firstOf = (found: AsyncIterable<unknown>) => found[Symbol.asyncIterator]().next()
    expect([await store.get('a/b'), await firstOf(store.names(''))]).toMatchObject([
      undefined,
      { done: true },
    ])
    await store.putIfAbsent('a', '')
    expect([await store.get('a/b'), await store.remove('a/b')]).toEqual([undefined, undefined])
    await store.remove('a')
    await rm(root, { recursive: true, force: true })
    await writeFile(root, '')
    const asked = [store.get('a'), store.get('a/b'), store.remove('a'), firstOf(store.names(''))]
    for (const answer of await Promise.allSettled(asked))
      expect(answer).toEqual({
        status: 'rejected',
        reason: isFault(/: there is a file where a folder is needed/),
      })
    await expect(firstOf(store.read('a'))).rejects.toEqual(isFault(/there is a file/))
  })

  it('says that a file system refuses', async () => {
    await expect(createDirectoryStore('/proc/reports').probe()).rejects.toEqual(
      isFault(
        /^Cannot write to the store \/proc\/reports: no folder can be made there; choose another store/,
      ),
    )
    await expect(createDirectoryStore('/dev/full/x').probe()).rejects.toEqual(
      isFault(/^Cannot write to the store/),
    )
  })

  it.skipIf(process.getuid?.() === 0)('says that it may not write (not as root, who may)', async () => {
    await mkdir(root)
    await chmod(root, 0o500)
    await expect(createDirectoryStore(root).probe()).rejects.toEqual(isFault(/this user may not.*EACCES/))
  })

  it.each([2, 3, 12])(
    'says that a file may not grow, at the latest when it is closed: %i pieces',
    (pieces) => {
      const script = `
      const { createDirectoryStore } = await import(${JSON.stringify(pathToFileURL(resolve('lib/store/directory.ts')))})
      const writer = await createDirectoryStore(process.argv[1]).writer('large')
      try {
        for (let piece = 0; piece < ${pieces}; piece++) await writer.write(Buffer.alloc(200_000))
        console.log('closed', await writer.close())
      } catch ({ name, code, message }) {
        await writer.abort()
        console.log(JSON.stringify({ name, code, message }))
      }`
      const limited = 'trap "" XFSZ; ulimit -f 300; exec "$@"'
      const node = [process.execPath, '--input-type=module', '-e', script, root]
      const { stdout } = spawnSync('bash', ['-c', limited, 'bash', ...node], { encoding: 'utf8' })
      expect(JSON.parse(stdout)).toEqual({
        name: 'Fault',
        code: 'unavailable',
        message: `Cannot write ${join(root, 'large')}: the file system failed; check the disk, then run again (EFBIG)`,
      })
      expect(existsSync(join(root, 'large'))).toBe(false)
    },
  )

  it('says that a path is too long', async () => {
    await expect(createDirectoryStore(root).putIfAbsent('x'.repeat(300), '')).rejects.toEqual(
      isFault(/too long.*ENAMETOOLONG/),
    )
  })
})

describe('withLock', () => {
  let folder: string
  let lock: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-'))
    lock = join(folder, '.lock')
  })
  afterEach(() => rm(folder, { recursive: true }))

  const held = async (owner: string) => {
    await mkdir(lock)
    await writeFile(join(lock, owner), '')
  }
  const NOBODY = 2 ** 22 + 1 // above the highest process id of Linux

  it('lets one work at a time, and leaves nothing behind', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await stat(folder)
      inside--
    }
    await Promise.all(Array.from({ length: 12 }, () => withLock(lock, folder, work)))
    expect(most).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('opens when the work fails', async () => {
    await expect(withLock(lock, folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await readdir(folder)).toEqual([])
  })

  it('takes over the lock of a process of this machine that is dead', async () => {
    await held(`${NOBODY}@${hostname()}@lock-x`)
    const takers = Array.from({ length: 8 }, (_, i) => withLock(lock, folder, async () => i))
    expect(await Promise.all(takers)).toHaveLength(8)
  })

  it('takes over the lock of a process that died in this container', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    const [ours = ''] = await withLock(lock, folder, () => readdir(lock))
    await held(ours.replace(`${process.pid}@`, `${pid}@`))
    expect(await withLock(lock, folder, async () => 'taken', 5)).toBe('taken')
  })

  it.each([
    ['lives', `${process.pid}@${hostname()}@lock-x`],
    ['is on another machine', `${NOBODY}@elsewhere@lock-x`],
    ['is in another container with this host name', `${NOBODY}@${hostname()}@lock-x@1`],
  ])(
    'never breaks the lock of a process that %s, but gives up and says which folder it is',
    async (_, owner) => {
      await held(owner)
      await expect(withLock(lock, folder, async () => {}, 5)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining(`Cannot lock ${lock}: it is held by another process (${owner})`),
      })
      expect(await readdir(lock)).toEqual([owner])
    },
  )
})

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 24 * 3600 * 1000)
}
