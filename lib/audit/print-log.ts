const CHUNK_BITS = 16
const CHUNK_LENGTH = 1 << CHUNK_BITS

interface Chunk {
  readonly prints: Float64Array
  /** The entry before, of the same list; 0 at its beginning. */
  readonly before: Uint32Array
}

/** Many lists of fingerprints in 12 bytes for each of them, whichever list it is in: entries know the one before them. */
export class PrintLog {
  readonly #chunks: Chunk[] = []
  #length = 0

  /** Adds a fingerprint to the list that ends with the entry `last`, 0 for an empty one; returns its new end. */
  add(print: number, last: number): number {
    const index = this.#length
    const chunk = this.#chunks[index >>> CHUNK_BITS] ?? this.#begin()
    chunk.prints[index % CHUNK_LENGTH] = print
    chunk.before[index % CHUNK_LENGTH] = last
    this.#length += 1
    return this.#length
  }

  /** The list that ends with this entry, the last one first. */
  list(last: number): number[] {
    const prints: number[] = []
    for (let entry = last; entry > 0; ) {
      const chunk = this.#chunks[(entry - 1) >>> CHUNK_BITS]
      prints.push(chunk?.prints[(entry - 1) % CHUNK_LENGTH] ?? 0)
      entry = chunk?.before[(entry - 1) % CHUNK_LENGTH] ?? 0
    }
    return prints
  }

  #begin(): Chunk {
    const chunk = { prints: new Float64Array(CHUNK_LENGTH), before: new Uint32Array(CHUNK_LENGTH) }
    this.#chunks.push(chunk)
    return chunk
  }
}
