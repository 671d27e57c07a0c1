import { sha256 } from '../../lib/digest.ts'
import { Fault } from '../../lib/errors.ts'
import type { Store, StoredObject, Writer } from '../../lib/store/store.ts'

/** A store in a map: the contract in its shortest form, with its objects open to the test. */
export interface MemoryStore extends Store {
  readonly objects: Map<string, Buffer>
}

export function createMemoryStore(): MemoryStore {
  const objects = new Map<string, Buffer>()

  const stored = (key: string): StoredObject | undefined => {
    const bytes = objects.get(key)
    return bytes && { bytes, version: sha256(bytes) }
  }
  const putIfAbsent = async (key: string, content: string | Uint8Array): Promise<boolean> => {
    await breath()
    if (objects.has(key)) return false
    objects.set(key, Buffer.from(content))
    return true
  }

  return {
    objects,
    url: 'memory:',
    locate: (key) => `memory:${key}`,
    probe: async () => undefined,
    async get(key) {
      await breath()
      return stored(key)
    },
    async *read(key) {
      await breath()
      const bytes = objects.get(key)
      if (bytes === undefined) throw new Fault('not_found', `Cannot read "${key}": there is no such object`)
      // Odd pieces, so that a reader meets lines and characters cut in two; each overwrites the one before.
      const piece = Buffer.alloc(1009)
      for (let start = 0; start < bytes.length; start += piece.length)
        yield piece.subarray(0, bytes.copy(piece, 0, start))
    },
    async *names(prefix) {
      const names = [...objects.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length).replace(/\/.*/s, '/'))
      yield* [...new Set(names)].sort()
    },
    putIfAbsent,
    async replaceIfUnchanged(key, content, version) {
      await breath()
      if (stored(key)?.version !== version) return false
      objects.set(key, Buffer.from(content))
      return true
    },
    async writer(key): Promise<Writer> {
      const chunks: Buffer[] = []
      return {
        write: async (chunk) => void chunks.push(Buffer.from(chunk)),
        close: () => putIfAbsent(key, Buffer.concat(chunks)),
        abort: async () => void chunks.splice(0),
      }
    },
    async remove(key) {
      objects.delete(key)
    },
  }
}

/** Lets others go first, so that concurrent users of the store really interleave. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
