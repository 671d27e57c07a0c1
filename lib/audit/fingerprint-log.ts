const CHUNK_BITS = 16
const CHUNK_LENGTH = 1 << CHUNK_BITS

const LANE_VALUES = 2 ** 32

interface Chunk {
  readonly low: Uint32Array
  /** Of the rest the lowest 16 bits. */
  readonly high: Uint16Array
  /** The entry before, of the same list; 0 at its beginning. */
  readonly before: Uint32Array
}

/** Many lists of shortened fingerprints in 10 bytes for each of them, whichever list it is in: entries know the one before them. */
export class FingerprintLog {
  readonly #chunks: Chunk[] = []
  #length = 0
  /** As long as the longest list that somebody asked for. */
  #list: Float64Array = new Float64Array(16)

  /** Adds what is left of a fingerprint when it is shortened to the list that ends with the entry `last`, 0 for an empty one; returns its new end. */
  add(print: number, last: number): number {
    const index = this.#length
    const chunk = this.#chunks[index >>> CHUNK_BITS] ?? this.#begin()
    chunk.low[index % CHUNK_LENGTH] = print
    chunk.high[index % CHUNK_LENGTH] = print / LANE_VALUES
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
      const at = (entry - 1) % CHUNK_LENGTH
      this.#list[length] = (chunk?.high[at] ?? 0) * LANE_VALUES + (chunk?.low[at] ?? 0)
      entry = chunk?.before[at] ?? 0
    }
    return this.#list.subarray(0, length).sort()
  }

  #begin(): Chunk {
    const chunk = {
      low: new Uint32Array(CHUNK_LENGTH),
      high: new Uint16Array(CHUNK_LENGTH),
      before: new Uint32Array(CHUNK_LENGTH),
    }
    this.#chunks.push(chunk)
    return chunk
  }
}

function longer(list: Float64Array): Float64Array {
  const copy = new Float64Array(2 * list.length)
  copy.set(list)
  return copy
}
