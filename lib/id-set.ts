import { type Hash64, hash64 } from './hash64.ts'
import { letGo } from './let-go.ts'

const INITIAL_SLOTS = 1 << 6
const BYTES_PER_ID = 8
/** As many ids as a line of a file holds well. */
const IDS_PER_TEXT = 3000

/**
 * A set of ids in 8 bytes each, so that a million fit in 16 MB where strings would take 100.
 * It keeps a 64-bit hash of an id: two ids out of a million share one with a chance of 3 in 10^8.
 */
export class IdSet {
  #high = new Uint32Array(INITIAL_SLOTS)
  #low = new Uint32Array(INITIAL_SLOTS)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Adds an id; false where it was there already. */
  add(id: string): boolean {
    const { high, low } = slotHash(id)
    return this.#addHash(high, low)
  }

  has(id: string): boolean {
    const { high, low } = slotHash(id)
    return this.#isTaken(this.#slotOf(high, low))
  }

  /** The set as texts, good for JSON: 11 bytes for each id. */
  packed(): string[] {
    const bytes = Buffer.alloc(this.#size * BYTES_PER_ID)
    let end = 0
    for (const [slot, low] of this.#low.entries()) {
      if (low === 0) continue
      bytes.writeUInt32LE(this.#high[slot] ?? 0, end)
      bytes.writeUInt32LE(low, end + 4)
      end += BYTES_PER_ID
    }
    const step = IDS_PER_TEXT * BYTES_PER_ID
    return Array.from({ length: Math.ceil(end / step) }, (_, text) =>
      bytes.toString('base64', text * step, Math.min(end, (text + 1) * step)),
    )
  }

  /** The set that was packed. */
  static unpacked(texts: Iterable<string>): IdSet {
    const ids = new IdSet()
    for (const text of texts) {
      const bytes = Buffer.from(text, 'base64')
      for (let at = 0; at < bytes.length; at += BYTES_PER_ID)
        ids.#addHash(bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4))
    }
    return ids
  }

  #addHash(high: number, low: number): boolean {
    if (this.#size * 2 >= this.#high.length) this.#grow()
    const slot = this.#slotOf(high, low)
    if (this.#isTaken(slot)) return false
    this.#high[slot] = high
    this.#low[slot] = low
    this.#size += 1
    return true
  }

  #isTaken(slot: number): boolean {
    return this.#low[slot] !== 0
  }

  #slotOf(high: number, low: number): number {
    const mask = this.#high.length - 1
    let slot = low & mask
    while (this.#isTaken(slot) && (this.#high[slot] !== high || this.#low[slot] !== low))
      slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const [highs, lows] = [this.#high, this.#low]
    this.#high = new Uint32Array(highs.length * 2)
    this.#low = new Uint32Array(lows.length * 2)
    highs.forEach((high, index) => {
      const low = lows[index] ?? 0
      if (low === 0) return
      const slot = this.#slotOf(high, low)
      this.#high[slot] = high
      this.#low[slot] = low
    })
    letGo(highs)
    letGo(lows)
  }
}

/** The low lane is never zero, which marks a free slot. */
function slotHash(id: string): Hash64 {
  const { high, low } = hash64(id)
  return { high, low: low || 1 }
}
