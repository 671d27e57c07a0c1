import { freeMemory } from './free-memory.ts'
import { type Hash64, hash64 } from './hash64.ts'

const INITIAL_SLOTS = 1 << 6
const INITIAL_SPARE = 1 << 6
/** As ids lie in order, a search ends after few of them even where so many slots are taken. */
const MOST_TAKEN = 7 / 8
const GROWTH = 1.25
const LANE_VALUES = 2 ** 32
const BYTES_PER_ID = 8
/** As many ids as a line of a file holds well. */
const IDS_PER_TEXT = 3000

/**
 * A set of ids in 9 to 12 bytes each, where strings would take 100. It keeps a 64-bit hash of an id: two ids out of a million
 * share one with a chance of 3 in 10^8.
 */
export class IdSet {
  #slots = INITIAL_SLOTS
  /**
   * The two lanes of an id side by side, because memory is read by lines, the lower one first: 0 where a slot is free. Ids lie in
   * order: each in its own slot, or behind it as near as those before it leave room. Spare slots follow for those that find
   * none, and the very last of them stays free.
   */
  #lanes = new Uint32Array(2 * (INITIAL_SLOTS + INITIAL_SPARE))
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Makes room for so many ids at once, where that is more than there is. */
  reserve(ids: number): void {
    const slots = Math.ceil(ids / MOST_TAKEN)
    if (slots > this.#slots) this.#resize(slots)
  }

  /** Adds an id; false where it was there already. */
  add(id: string): boolean {
    const { high, low } = slotHash(id)
    return this.#addHash(high, low)
  }

  has(id: string): boolean {
    const { high, low } = slotHash(id)
    return this.#isAt(this.#find(high, low), high, low)
  }

  /** Forgets all ids, and gives their memory back at once. */
  clear(): void {
    freeMemory(this.#lanes)
    this.#slots = INITIAL_SLOTS
    this.#lanes = new Uint32Array(2 * (INITIAL_SLOTS + INITIAL_SPARE))
    this.#size = 0
  }

  /** The set as texts, good for JSON: 11 bytes for each id. */
  packed(): string[] {
    const bytes = Buffer.alloc(this.#size * BYTES_PER_ID)
    let end = 0
    for (let at = 0; at < this.#lanes.length; at += 2) {
      const low = this.#lanes[at] ?? 0
      if (low === 0) continue
      bytes.writeUInt32LE(this.#lanes[at + 1] ?? 0, end)
      bytes.writeUInt32LE(low, end + 4)
      end += BYTES_PER_ID
    }
    const step = IDS_PER_TEXT * BYTES_PER_ID
    return Array.from({ length: Math.ceil(end / step) }, (_, text) =>
      bytes.toString('base64', text * step, Math.min(end, (text + 1) * step)),
    )
  }

  /** The set that was packed. */
  static unpacked(texts: readonly string[]): IdSet {
    const ids = new IdSet()
    let length = 0
    for (const text of texts) length += Buffer.byteLength(text, 'base64')
    // In order, ids would crowd at the beginning of a table that is too small for all.
    ids.reserve(length / BYTES_PER_ID)
    for (const text of texts) {
      const bytes = Buffer.from(text, 'base64')
      for (let at = 0; at < bytes.length; at += BYTES_PER_ID)
        ids.#addHash(bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4))
    }
    return ids
  }

  #addHash(high: number, low: number): boolean {
    if (this.#size >= this.#slots * MOST_TAKEN) this.#resize(Math.ceil(this.#slots * GROWTH))
    const at = this.#find(high, low)
    if (this.#isAt(at, high, low)) return false
    this.#insert(at, high, low)
    this.#size += 1
    return true
  }

  #isAt(at: number, high: number, low: number): boolean {
    return this.#lanes[at] === low && this.#lanes[at + 1] === high
  }

  /** Where the lanes of an id are, or belong. */
  #find(high: number, low: number): number {
    const lanes = this.#lanes
    for (let at = 2 * slotOf(low, this.#slots); ; at += 2) {
      const taken = lanes[at] ?? 0
      if (taken === 0 || taken > low || (taken === low && (lanes[at + 1] ?? 0) >= high)) return at
    }
  }

  /** Puts the lanes of an id where they belong, and pushes those on that lie there, up to the next free slot. */
  #insert(at: number, high: number, low: number): void {
    const lanes = this.#lanes
    let end = at
    while (lanes[end] !== 0) end += 2
    lanes.copyWithin(at + 2, at, end)
    lanes[at] = low
    lanes[at + 1] = high
    if (end + 2 === lanes.length) this.#resize(this.#slots, 2 * this.#spare)
  }

  get #spare(): number {
    return this.#lanes.length / 2 - this.#slots
  }

  /** Moves to a table of so many slots, from one end of memory to the other; with more spare ones where those do not suffice. */
  #resize(slots: number, spare = this.#spare): void {
    const old = this.#lanes
    const lanes = new Uint32Array(2 * (slots + spare))
    let next = 0
    for (let from = 0; from < old.length; from += 2) {
      const low = old[from] ?? 0
      if (low === 0) continue
      next = Math.max(next, 2 * slotOf(low, slots))
      if (next + 2 >= lanes.length) {
        this.#resize(slots, 2 * spare)
        return
      }
      lanes[next] = low
      lanes[next + 1] = old[from + 1] ?? 0
      next += 2
    }
    this.#slots = slots
    this.#lanes = lanes
    freeMemory(old)
  }
}

/** The slot of an id's own, in the order of the lower lane; so any number of slots will do. */
function slotOf(low: number, slots: number): number {
  return Math.floor((low / LANE_VALUES) * slots)
}

/** The lower lane is never zero, which marks a free slot. */
function slotHash(id: string): Hash64 {
  const { high, low } = hash64(id)
  return { high, low: low || 1 }
}
