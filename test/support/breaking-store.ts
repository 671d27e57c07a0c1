import { Fault } from '../../lib/errors.ts'
import type { Store, Writer } from '../../lib/store/store.ts'

/** A store whose process dies at one step: the step fails, before or after it took effect, and so does every later one. */
export interface BreakingStore extends Store {
  /** The steps that were begun. */
  readonly steps: () => number
  /** Frees what the dead process held, as its system would. */
  readonly bury: () => Promise<void>
}

/** Breaks a store at step `at` (from 1); `when` says whether the broken step still took effect. */
export function createBreakingStore(store: Store, at: number, when: 'before' | 'after'): BreakingStore {
  let begun = 0
  const held: Writer[] = []

  async function step<T>(act: () => Promise<T>): Promise<T> {
    begun += 1
    const isLast = begun === at
    if (begun > at || (isLast && when === 'before')) throw broken(at)
    const result = await act()
    if (isLast) throw broken(at)
    return result
  }

  return {
    ...storeOfSteps(store, step, (writer) => held.push(writer)),
    steps: () => begun,
    bury: async () => {
      for (const writer of held) await writer.abort()
    },
  }
}

/** Carries out one step, or does not. */
export type Step = <T>(act: () => Promise<T>) => Promise<T>

/** A store of which every call passes through a step of its own. */
export function storeOfSteps(store: Store, step: Step, onOpen: (writer: Writer) => void): Store {
  return {
    ...store,
    probe: () => step(() => store.probe()),
    get: (key) => step(() => store.get(key)),
    async *read(key) {
      await step(async () => undefined)
      yield* store.read(key)
    },
    async *names(prefix) {
      await step(async () => undefined)
      yield* store.names(prefix)
    },
    putIfAbsent: (key, content) => step(() => store.putIfAbsent(key, content)),
    replaceIfUnchanged: (key, content, version) =>
      step(() => store.replaceIfUnchanged(key, content, version)),
    async writer(key, contentType) {
      const writer = await step(async () => {
        const opened = await store.writer(key, contentType)
        onOpen(opened)
        return opened
      })
      return {
        write: (chunk) => step(() => writer.write(chunk)),
        close: () => step(() => writer.close()),
        abort: () => step(() => writer.abort()),
      }
    },
    remove: (key) => step(() => store.remove(key)),
  }
}

function broken(at: number): Fault {
  return new Fault('unavailable', `Cannot go on: the store broke at step ${at}`)
}
