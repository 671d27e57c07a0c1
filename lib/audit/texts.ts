import { freeMemory } from '../free-memory.ts'

const CHUNK_BYTES = 1 << 18
/** Before each text: the bytes that there is room for, and those that it takes. */
const HEADER_BYTES = 8
/** What places count in: those of 34 GB fit 32 bits. All texts, and all chunks, begin at a multiple. */
const PLACE_BYTES = 8
const PLACES_PER_CHUNK = CHUNK_BYTES / PLACE_BYTES
/** Texts that replace each other differ by a few bytes. */
const ROUNDED_TO_BYTES = 16

/**
 * Texts as bytes beside the heap, where no collector looks at them. Lone surrogates come back as U+FFFD; in JSON there are
 * none.
 */
export class Texts {
  readonly #chunks: Buffer[] = []
  /** The byte where the next text goes; none goes to the first, because 0 is no place. */
  #end = HEADER_BYTES

  /** Puts a text down, in the `spare` place of another that nobody wants any more if it fits; returns its place, never 0. */
  put(text: string, spare = 0): number {
    const bytes = Buffer.byteLength(text)
    const place = spare > 0 && this.#roomAt(spare) >= bytes ? spare : this.#makeRoom(bytes)
    const [chunk, at] = this.#find(place)
    chunk.writeUInt32LE(bytes, at + 4)
    chunk.write(text, at + HEADER_BYTES)
    return place
  }

  /** The text in a place. */
  get(place: number): string {
    const [chunk, at] = this.#find(place)
    const start = at + HEADER_BYTES
    return chunk.toString('utf8', start, start + chunk.readUInt32LE(at + 4))
  }

  /** Forgets every text, and gives the memory back at once. */
  clear(): void {
    for (const chunk of this.#chunks.splice(0)) freeMemory(chunk)
    this.#end = HEADER_BYTES
  }

  #roomAt(place: number): number {
    const [chunk, at] = this.#find(place)
    return chunk.readUInt32LE(at)
  }

  #makeRoom(bytes: number): number {
    const room = Math.ceil(bytes / ROUNDED_TO_BYTES) * ROUNDED_TO_BYTES
    const left = CHUNK_BYTES - (this.#end % CHUNK_BYTES)
    if (left < room + HEADER_BYTES) this.#end += left
    const place = this.#end / PLACE_BYTES
    const number = Math.floor(place / PLACES_PER_CHUNK)
    // What is longer than a chunk gets one of its own, and the next text the one after it.
    this.#chunks[number] ??= Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, room + HEADER_BYTES))
    this.#end += Math.min(room + HEADER_BYTES, CHUNK_BYTES)
    const [chunk, at] = this.#find(place)
    chunk.writeUInt32LE(room, at)
    return place
  }

  #find(place: number): readonly [chunk: Buffer, at: number] {
    const chunk = this.#chunks[Math.floor(place / PLACES_PER_CHUNK)]
    if (chunk === undefined) throw new RangeError(`There is no place ${place}`)
    return [chunk, (place % PLACES_PER_CHUNK) * PLACE_BYTES]
  }
}
