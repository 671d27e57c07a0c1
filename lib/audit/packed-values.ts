import { freeMemory } from '../free-memory.ts'
import type { Value } from './value-kinds.ts'
import { ValueReader } from './value-reader.ts'
import { ValueWriter } from './value-writer.ts'

const CHUNK_BYTES = 1 << 18
/** Before each list: the bytes that there are for it. */
const HEADER_BYTES = 4
/** What places count in: those of 17 GB fit 32 bits. All lists, and all chunks, begin at a multiple. */
const PLACE_BYTES = 4
const PLACES_PER_CHUNK = CHUNK_BYTES / PLACE_BYTES

/** Short lists of values as bytes beside the heap, where no collector looks at them. */
export class PackedValues {
  readonly #writer = new ValueWriter()
  readonly #reader = new ValueReader()
  readonly #chunks: Buffer[] = []
  /** The byte where the next list goes; none goes to the first, because 0 is no place. */
  #end = PLACE_BYTES

  /** Puts a list down, in the `spare` place of another that nobody wants any more if it fits; returns its place, never 0. */
  put(values: readonly Value[], spare = 0): number {
    const bytes = this.#writer.write(values)
    const place = spare > 0 && this.#roomAt(spare) >= bytes.length ? spare : this.#makeRoom(bytes.length)
    const { chunk, at } = this.#find(place)
    chunk.set(bytes, at + HEADER_BYTES)
    return place
  }

  /** The list in a place. */
  get(place: number): Value[] {
    const { chunk, at } = this.#find(place)
    return this.#reader.read(chunk, at + HEADER_BYTES)
  }

  /** Forgets every list, and gives the memory back at once. */
  clear(): void {
    // Chunks that a long list left out are no chunks.
    for (const chunk of Object.values(this.#chunks.splice(0))) freeMemory(chunk)
    this.#end = PLACE_BYTES
  }

  #roomAt(place: number): number {
    const { chunk, at } = this.#find(place)
    return chunk.readUInt32LE(at)
  }

  #makeRoom(bytes: number): number {
    const taken = Math.ceil((HEADER_BYTES + bytes) / PLACE_BYTES) * PLACE_BYTES
    const left = CHUNK_BYTES - (this.#end % CHUNK_BYTES)
    if (left < taken) this.#end += left
    const place = this.#end / PLACE_BYTES
    const number = Math.floor(place / PLACES_PER_CHUNK)
    // What is longer than a chunk gets one of its own, and the next list the one after it.
    this.#chunks[number] ??= Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, taken))
    this.#end += Math.min(taken, CHUNK_BYTES)
    const { chunk, at } = this.#find(place)
    chunk.writeUInt32LE(taken - HEADER_BYTES, at)
    return place
  }

  #find(place: number): { readonly chunk: Buffer; readonly at: number } {
    const chunk = this.#chunks[Math.floor(place / PLACES_PER_CHUNK)]
    if (chunk === undefined) throw new RangeError(`There is no place ${place}`)
    return { chunk, at: (place % PLACES_PER_CHUNK) * PLACE_BYTES }
  }
}
