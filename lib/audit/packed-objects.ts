import { getOrCreate } from '../get-or-create.ts'
import { PackedValues } from './packed-values.ts'
import type { Value } from './value-kinds.ts'

/** How a thing comes apart: what it shares with many others, and what is its own. */
export interface Packing<Thing, Shared extends object, Own extends Value[]> {
  readonly sharedOf: (thing: Thing) => Shared
  /** A list of its own for each, to which something is added. */
  readonly ownOf: (thing: Thing) => Own
  /** An object by which those that share the same are often found at once; whether they do is then asked of `isShared`. */
  readonly cueOf: (thing: Thing) => object | undefined
  readonly isShared: (shared: Shared, thing: Thing) => boolean
}

/** A thing as it was packed: its two parts. */
export interface Unpacked<Shared, Own> {
  readonly shared: Shared
  readonly own: Own
}

/**
 * Objects as bytes beside the heap, where no collector looks at them, with the part that many share kept once: an audit
 * remembers one or two for each resource, and as objects they take three times as much memory, as much again for garbage beside
 * them, and time at every collection.
 */
export class PackedObjects<Thing, Shared extends object, Own extends Value[]> {
  readonly #packing: Packing<Thing, Shared, Own>
  readonly #shared: Shared[] = []
  readonly #sharedAt = new Map<string, number>()
  readonly #latestFor = new WeakMap<object, number>()
  readonly #values = new PackedValues()

  constructor(packing: Packing<Thing, Shared, Own>) {
    this.#packing = packing
  }

  /** Puts a thing down, in the `spare` place of another that nobody wants any more if it fits; returns its place, never 0. */
  put(thing: Thing, spare = 0): number {
    const values: Value[] = this.#packing.ownOf(thing)
    values.push(this.#sharedBy(thing))
    return this.#values.put(values, spare)
  }

  /** What lies in a place. */
  get(place: number): Unpacked<Shared, Own> {
    const values = this.#values.get(place)
    const shared = this.#shared[Number(values.pop())]
    if (shared === undefined) throw new RangeError(`Nothing was ever put into place ${place}`)
    return { shared, own: values as Own }
  }

  #sharedBy(thing: Thing): number {
    const cue = this.#packing.cueOf(thing)
    const latest = cue === undefined ? undefined : this.#latestFor.get(cue)
    const shared = latest === undefined ? undefined : this.#shared[latest]
    if (latest !== undefined && shared !== undefined && this.#packing.isShared(shared, thing)) return latest
    const index = this.#indexOf(this.#packing.sharedOf(thing))
    if (cue !== undefined) this.#latestFor.set(cue, index)
    return index
  }

  #indexOf(shared: Shared): number {
    return getOrCreate(this.#sharedAt, JSON.stringify(shared), () => this.#shared.push(shared) - 1)
  }
}
