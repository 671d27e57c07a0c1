import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../lib/store/address.ts'
import type { Store } from '../../lib/store/store.ts'

/** A fresh, empty store: its address, and where S3 is if it is one. */
export interface Place {
  readonly address: string
  readonly endpoint?: string
  /** What its processes need in their environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly stop: () => Promise<void>
}

const LARGE_BYTES = 30 * 1024 * 1024
const WORKER = new URL('../support/store-worker.ts', import.meta.url).pathname
const RACERS = [0, 1, 2, 3, 4, 5, 6, 7]

/** What every store must do: the law of lib/store/store.ts as tests. */
export function describeStore(name: string, start: () => Promise<Place>, { hasProcesses = true } = {}): void {
  describe(`the contract of a store, kept by ${name}`, () => {
    let place: Place
    let store: Store
    let count = 0
    const freshKey = () => `case-${count++}/object.json`
    const open = () => {
      const { address, endpoint } = place
      return openStore(address, { endpoint, newId: () => crypto.randomUUID() })
    }
    beforeAll(async () => {
      place = await start()
      store = open()
    })
    afterAll(() => place.stop())

    it('has nothing where nothing was written', async () => {
      expect(await store.get('no/such.json')).toBeUndefined()
      await expect(drain(store.read('no/such.json'))).rejects.toMatchObject({
        name: 'Fault',
        code: 'not_found',
      })
      expect(await listOf(store.names('no/'))).toEqual([])
      expect(await store.replaceIfUnchanged('no/such.json', 'x', 'v')).toBe(false)
      await store.remove('no/such.json')
    })

    it('probes without leaving an object behind', async () => {
      const before = await listOf(store.names(''))
      await open().probe()
      expect(await listOf(store.names(''))).toEqual(before)
    })

    it('gives back the bytes it was given, also none', async () => {
      for (const content of [Buffer.from([0, 255, 13, 10]), Buffer.alloc(0), 'Prüfung 备份']) {
        const key = freshKey()
        expect(await store.putIfAbsent(key, content)).toBe(true)
        expect((await store.get(key))?.bytes).toEqual(Buffer.from(content))
        expect(await drain(store.read(key))).toEqual(Buffer.from(content))
      }
    })

    it('creates an object once and never overwrites it', async () => {
      const key = freshKey()
      expect(await store.putIfAbsent(key, 'first')).toBe(true)
      expect(await store.putIfAbsent(key, 'second')).toBe(false)
      const writer = await store.writer(key, 'text/plain')
      await writer.write('third')
      expect(await writer.close()).toBe(false)
      expect(String((await store.get(key))?.bytes)).toBe('first')
    })

    it('lets exactly one of eight racing writers win, and keeps the content of that one', async () => {
      const key = freshKey()
      const won = await Promise.all(RACERS.map((racer) => open().putIfAbsent(key, String(racer))))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(Number((await store.get(key))?.bytes)).toBe(won.indexOf(true))
    })

    it('replaces the version that was read and no other', async () => {
      const key = freshKey()
      await store.putIfAbsent(key, '1')
      const first = await store.get(key)
      expect(await store.replaceIfUnchanged(key, '2', first?.version ?? '')).toBe(true)
      expect(await store.replaceIfUnchanged(key, '3', first?.version ?? '')).toBe(false)
      const second = await store.get(key)
      expect(String(second?.bytes)).toBe('2')
      expect(await store.replaceIfUnchanged(key, '3', second?.version ?? '')).toBe(true)
      await store.remove(key)
      expect(await store.replaceIfUnchanged(key, '4', second?.version ?? '')).toBe(false)
    })

    it('lets exactly one of eight racing replacers win', async () => {
      const key = freshKey()
      await store.putIfAbsent(key, 'before')
      const version = (await store.get(key))?.version ?? ''
      const won = await Promise.all(
        RACERS.map((racer) => open().replaceIfUnchanged(key, String(racer), version)),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(Number((await store.get(key))?.bytes)).toBe(won.indexOf(true))
    })

    it('removes an object, and then its key is free again', async () => {
      const key = freshKey()
      await store.putIfAbsent(key, 'first')
      await store.remove(key)
      expect(await store.get(key)).toBeUndefined()
      expect(await store.putIfAbsent(key, 'second')).toBe(true)
    })

    it('lets removers, replacers and creators race without failing', async () => {
      const key = freshKey()
      const storm = RACERS.map(async (racer) => {
        const own = open()
        for (let i = 0; i < 5; i++) {
          await own.putIfAbsent(key, `${racer}`)
          const found = await own.get(key)
          if (found) await own.replaceIfUnchanged(key, `${racer}+`, found.version)
          await own.remove(key)
        }
      })
      await Promise.all(storm)
      expect(await store.get(key)).toBeUndefined()
    })

    it('removes what another process wrote, right after a probe', async () => {
      const key = freshKey()
      await store.putIfAbsent(key, 'x')
      const another = open()
      await another.probe()
      await another.remove(key)
      expect(await store.get(key)).toBeUndefined()
    })

    it('shows nothing of an object that is being written, and nothing of an aborted one', async () => {
      const key = freshKey()
      const writer = await store.writer(key, 'text/plain')
      await writer.write(Buffer.alloc(6 * 1024 * 1024))
      expect(await store.get(key)).toBeUndefined()
      expect(await listOf(store.names(key.replace('object.json', '')))).toEqual([])
      await writer.abort()
      await writer.abort()
      expect(await store.get(key)).toBeUndefined()
      expect(await store.putIfAbsent(key, 'free')).toBe(true)
    })

    it('does not undo by abort what close has published', async () => {
      const key = freshKey()
      const writer = await store.writer(key, 'text/plain')
      await writer.write('kept')
      expect(await writer.close()).toBe(true)
      await writer.abort()
      expect(String((await store.get(key))?.bytes)).toBe('kept')
    })

    it('takes a chunk whose buffer the caller uses again', async () => {
      const key = freshKey()
      const writer = await store.writer(key, 'text/plain')
      const buffer = Buffer.alloc(4)
      for (const text of ['one ', 'two ', 'six ']) {
        buffer.write(text)
        await writer.write(buffer)
      }
      await writer.close()
      expect(String((await store.get(key))?.bytes)).toBe('one two six ')
    })

    it('keeps the order of pieces of any size, more than are held at once', async () => {
      const key = freshKey()
      const writer = await store.writer(key, 'text/plain')
      const pieces = Array.from({ length: 40 }, (_, index) => randomBytes((index * 104_729) % 400_000))
      for (const piece of pieces) await writer.write(piece)
      await writer.close()
      expect(Buffer.concat(pieces).equals(await drain(store.read(key)))).toBe(true)
    })

    it('shows readers the whole object or none while it is created and replaced', async () => {
      const key = freshKey()
      const versions = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(2_000_000))
      const seen = new Set<string>()
      let isDone = false
      const watch = async () => {
        while (!isDone) {
          const bytes = (await store.get(key))?.bytes
          if (bytes !== undefined) seen.add(String(bytes))
          await turn()
        }
      }
      const change = async () => {
        for (const [i, content] of versions.entries()) {
          const version = (await store.get(key))?.version ?? ''
          await (i === 0 ? store.putIfAbsent(key, content) : store.replaceIfUnchanged(key, content, version))
        }
        isDone = true
      }
      await Promise.all([watch(), watch(), change()])
      expect(seen.size).toBeGreaterThan(0)
      for (const content of seen) expect(versions.includes(content)).toBe(true)
    })

    it('lists the names right under a prefix by code point, folders once and with a slash', async () => {
      const keys = ['b', 'a/x', 'a/y/z', 'a.b', 'a-', 'B', '_', '0', 'a0']
      for (const key of keys) await store.putIfAbsent(`list/${key}`, key)
      const names = ['0', 'B', '_', 'a-', 'a.b', 'a/', 'a0', 'b']
      expect(await listOf(store.names('list/'))).toEqual(names)
      expect(await listOf(store.names('list/a/'))).toEqual(['x', 'y/'])
      expect(await listOf(store.names(''))).toContain('list/')
    })

    it('refuses every other key as a defect', async () => {
      const odd = [
        '',
        '/',
        'a//b',
        '/a',
        'a/',
        '.',
        '..',
        'a/../b',
        '.hidden',
        'a/.tmp',
        'ä',
        'a b',
        'a\\b',
        'a\0',
        'a\n',
      ]
      const anyOdd = fc.oneof(
        fc.constantFrom(...odd),
        fc.string().filter((text) => !isKey(text)),
      )
      await fc.assert(
        fc.asyncProperty(anyOdd, async (key) => {
          expect(() => store.locate(key)).toThrow(TypeError)
          await expect(store.get(key)).rejects.toThrow(TypeError)
          await expect(drain(store.read(key))).rejects.toThrow(TypeError)
          await expect(store.putIfAbsent(key, '')).rejects.toThrow(TypeError)
          await expect(store.replaceIfUnchanged(key, '', 'v')).rejects.toThrow(TypeError)
          await expect(store.writer(key, 'text/plain')).rejects.toThrow(TypeError)
          await expect(store.remove(key)).rejects.toThrow(TypeError)
        }),
        { numRuns: 50 },
      )
      for (const prefix of ['a', '/', '../', 'a//', '.tmp/']) {
        await expect(listOf(store.names(prefix))).rejects.toThrow(TypeError)
      }
    })

    it('takes every key that is one', async () => {
      await fc.assert(
        fc.asyncProperty(fc.stringMatching(/^k[0-9A-Za-z_-][0-9A-Za-z._-]{0,20}$/), async (part) => {
          const key = `every/${part}/${part}`
          const won = await store.putIfAbsent(key, part)
          expect([won, String((await store.get(key))?.bytes)]).toEqual([won, part])
          expect(store.locate(key)).toContain(key)
        }),
        { numRuns: 15 },
      )
    })

    describe.runIf(hasProcesses)('between processes', () => {
      const hire = (job: string, key: string, amount = 0) => hireWorker(place, job, key, amount)

      it('lets exactly one of four create an object', async () => {
        const key = freshKey()
        const answers = await runTogether(RACERS.slice(0, 4).map(() => hire('put', key)))
        expect(answers.map(([answer]) => answer).sort()).toEqual(['false', 'false', 'false', 'true'])
      })

      it('loses no change of three that replace the same object', async () => {
        const key = freshKey()
        await store.putIfAbsent(key, '0')
        await runTogether([
          hire('increment', key, 10),
          hire('increment', key, 10),
          hire('increment', key, 10),
        ])
        expect(Number((await store.get(key))?.bytes)).toBe(30)
      })

      it('writes 30 MB with less than half of it in memory', async () => {
        const key = freshKey()
        const [[answer = ''] = []] = await runTogether([hire('write', key, LARGE_BYTES)])
        expect(JSON.parse(answer)).toEqual({
          won: true,
          peak: expect.toSatisfy((peak) => peak < LARGE_BYTES / 2),
        })
        let bytes = 0
        for await (const piece of store.read(key)) bytes += piece.length
        expect(bytes).toBe(LARGE_BYTES)
      })

      it('shows nothing of an object whose writer is killed', async () => {
        const key = freshKey()
        const worker = await hire('write-half', key, LARGE_BYTES)
        worker.go()
        expect(await worker.line()).toBe('half')
        worker.process.kill('SIGKILL')
        await once(worker.process, 'exit')
        expect(await store.get(key)).toBeUndefined()
        expect(await listOf(store.names(key.replace('object.json', '')))).toEqual([])
        expect(await store.putIfAbsent(key, 'the next one')).toBe(true)
      })
    })
  })
}

const isKey = (text: string) => text.split('/').every((part) => /^[\w-][\w.-]*$/.test(part))

async function listOf<T>(all: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const one of all) list.push(one)
  return list
}

/** Each piece is copied, as the next may overwrite it. */
async function drain(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Buffer[] = []
  for await (const piece of pieces) copies.push(Buffer.from(piece))
  return Buffer.concat(copies)
}

interface Worker {
  readonly process: ChildProcessWithoutNullStreams
  readonly go: () => void
  readonly line: () => Promise<string | undefined>
}

async function hireWorker(place: Place, job: string, key: string, amount: number): Promise<Worker> {
  const env = { ...process.env, ...place.env }
  const child = spawn(
    process.execPath,
    [WORKER, place.address, place.endpoint ?? '', job, key, String(amount)],
    {
      env,
    },
  )
  child.stderr.pipe(process.stderr)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => (await lines.next()).value
  expect(await line()).toBe('ready')
  return { process: child, go: () => child.stdin.write('go\n'), line }
}

/** Lets workers start at the same moment; gives the lines that each of them wrote. */
async function runTogether(hired: readonly Promise<Worker>[]): Promise<string[][]> {
  const workers = await Promise.all(hired)
  for (const worker of workers) worker.go()
  return Promise.all(
    workers.map(async (worker) => {
      const lines: string[] = []
      for (let line = await worker.line(); line !== undefined; line = await worker.line()) lines.push(line)
      return lines
    }),
  )
}
