const CHUNK_BITS = 16
const CHUNK_LENGTH = 1 << CHUNK_BITS

interface Chunk {
  readonly prints: Float64Array
  /** The entry before, of the same list; 0 at its beginning. */
  readonly before: Uint32Array
}

/** Many lists of fingerprints in 12 bytes for each of them, whichever list it is in: entries know the one before them. */
export class FingerprintLog {
  readonly #chunks: Chunk[] = []
  #length = 0
  /** As long as the longest list that somebody asked for. */
  #list: Float64Array = new Float64Array(16)

  /** Adds a fingerprint to the list that ends with the entry `last`, 0 for an empty one; returns its new end. */
  add(print: number, last: number): number {
    const index = this.#length
    const chunk = this.#chunks[index >>> CHUNK_BITS] ?? this.#begin()
    chunk.prints[index % CHUNK_LENGTH] = print
    chunk.before[index % CHUNK_LENGTH] = last
    this.#length += 1
    return this.#length
  }

  /** The list that ends with this entry, sorted; it is overwritten by the next that somebody asks for. */
  sorted(last: number): Float64Array {
    let length = 0
    for (let entry = last; entry > 0; length += 1) {
      const chunk = this.#chunks[(entry - 1) >>> CHUNK_BITS]
      if (length === this.#list.length) this.#list = longer(this.#list)
      this.#list[length] = chunk?.prints[(entry - 1) % CHUNK_LENGTH] ?? 0
      entry = chunk?.before[(entry - 1) % CHUNK_LENGTH] ?? 0
    }
    return this.#list.subarray(0, length).sort()
  }

  #begin(): Chunk {
    const chunk = { prints: new Float64Array(CHUNK_LENGTH), before: new Uint32Array(CHUNK_LENGTH) }
    this.#chunks.push(chunk)
    return chunk
  }
}

function longer(list: Float64Array): Float64Array {
  const copy = new Float64Array(2 * list.length)
  copy.set(list)
  return copy
}
