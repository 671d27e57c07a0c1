const CHUNK_BYTES = 1 << 18
/** Before each text: the bytes that there is room for, and those that it takes. */
const HEADER_BYTES = 8
/** Texts that replace each other differ by a few bytes. */
const ROUNDED_TO_BYTES = 16

type Value = string | number | boolean | undefined

/** How a thing comes apart: what it shares with many others, and what is its own. */
export interface Packing<Thing, Shared extends object, Own extends readonly Value[]> {
  readonly sharedOf: (thing: Thing) => Shared
  readonly ownOf: (thing: Thing) => Own
  /** An object by which those that share the same are often found at once; whether they do is then asked of `isShared`. */
  readonly cueOf: (thing: Thing) => object | undefined
  readonly isShared: (shared: Shared, thing: Thing) => boolean
}

/** A thing as it comes off the shelf. */
export interface Unpacked<Shared, Own> {
  readonly shared: Shared
  readonly own: Own
}

/**
 * Things as bytes beside the heap, where no collector looks at them: an audit remembers one or two for each resource, and as
 * objects they take three times as much, as much again for garbage beside them, and time at every collection.
 */
export class Shelf<Thing, Shared extends object, Own extends readonly Value[]> {
  readonly #packing: Packing<Thing, Shared, Own>
  readonly #shared: Shared[] = []
  readonly #sharedAt = new Map<string, number>()
  readonly #latestFor = new WeakMap<object, number>()
  readonly #chunks: Buffer[] = []
  /** Where the next text goes; 0 is no place. */
  #end = HEADER_BYTES

  constructor(packing: Packing<Thing, Shared, Own>) {
    this.#packing = packing
  }

  /** Puts a thing down, in the `spare` place of another that nobody wants any more if it fits; returns its place, never 0. */
  put(thing: Thing, spare = 0): number {
    const text = JSON.stringify([this.#sharedBy(thing), ...this.#packing.ownOf(thing)])
    const bytes = Buffer.byteLength(text)
    const place = spare > 0 && this.#roomAt(spare) >= bytes ? spare : this.#makeRoom(bytes)
    const [chunk, at] = this.#find(place)
    chunk.writeUInt32LE(bytes, at + 4)
    chunk.write(text, at + HEADER_BYTES)
    return place
  }

  /** What lies in a place. */
  get(place: number): Unpacked<Shared, Own> {
    const [chunk, at] = this.#find(place)
    const start = at + HEADER_BYTES
    const text = chunk.toString('utf8', start, start + chunk.readUInt32LE(at + 4))
    const own = JSON.parse(text) as (Value | null)[]
    const shared = this.#shared[Number(own.shift())]
    if (shared === undefined) throw new RangeError(`Nothing was ever put into place ${place}`)
    for (let index = 0; index < own.length; index += 1) own[index] ??= undefined
    return { shared, own: own as readonly Value[] as Own }
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
    const key = JSON.stringify(shared)
    const known = this.#sharedAt.get(key)
    if (known !== undefined) return known
    const index = this.#shared.push(shared) - 1
    this.#sharedAt.set(key, index)
    return index
  }

  #roomAt(place: number): number {
    const [chunk, at] = this.#find(place)
    return chunk.readUInt32LE(at)
  }

  #makeRoom(bytes: number): number {
    const room = Math.ceil(bytes / ROUNDED_TO_BYTES) * ROUNDED_TO_BYTES
    const left = CHUNK_BYTES - (this.#end % CHUNK_BYTES)
    if (left < room + HEADER_BYTES) this.#end += left
    const place = this.#end
    const number = Math.floor(place / CHUNK_BYTES)
    // What is longer than a chunk gets one of its own, and the next text the one after it.
    this.#chunks[number] ??= Buffer.alloc(Math.max(CHUNK_BYTES, room + HEADER_BYTES))
    this.#end += Math.min(room + HEADER_BYTES, CHUNK_BYTES)
    const [chunk, at] = this.#find(place)
    chunk.writeUInt32LE(room, at)
    return place
  }

  #find(place: number): readonly [chunk: Buffer, at: number] {
    const chunk = this.#chunks[Math.floor(place / CHUNK_BYTES)]
    if (chunk === undefined) throw new RangeError(`There is no place ${place}`)
    return [chunk, place % CHUNK_BYTES]
  }
}
