import type { Service } from '../backup.ts'
import { freeMemory } from '../free-memory.ts'
import { hash64 } from '../hash64.ts'
import { RESOURCE_SEEDS } from './fingerprint.ts'
import type { Column, NumberTable } from './number-table.ts'

const INITIAL_SLOTS = 1 << 6

/**
 * Numbers resources from 0, in the order in which they are met. It keeps a hash of 64 bits of each beside the heap: two out of a
 * hundred thousand share one with a chance of 3 in 10^10.
 */
export class ResourceIndex {
  /** The number of a resource and one more; 0 where the slot is free. */
  #slots = new Uint32Array(INITIAL_SLOTS)
  #size = 0
  readonly #high: Column
  readonly #low: Column

  /** Takes two columns of a table that has a row for each resource, by its number: who looks for it wants the others next. */
  constructor(table: NumberTable) {
    this.#high = table.column()
    this.#low = table.column()
  }

  /** How many resources were met. */
  get size(): number {
    return this.#size
  }

  /** The number of a resource; undefined where it was not met. */
  find(service: Service, id: string): number | undefined {
    const { high, low } = hash64(id, RESOURCE_SEEDS[service])
    const taken = this.#slots[this.#slotOf(high, low)] ?? 0
    return taken > 0 ? taken - 1 : undefined
  }

  /** The number of a resource, which is met now if it was not before. */
  numberOf(service: Service, id: string): number {
    const { high, low } = hash64(id, RESOURCE_SEEDS[service])
    const slot = this.#slotOf(high, low)
    const taken = this.#slots[slot] ?? 0
    if (taken > 0) return taken - 1
    const number = this.#size
    this.#size += 1
    this.#high.set(number, high)
    this.#low.set(number, low)
    this.#slots[slot] = this.#size
    if (this.#size * 2 > this.#slots.length) this.#grow()
    return number
  }

  /** Where a resource is, or would be. */
  #slotOf(high: number, low: number): number {
    const mask = this.#slots.length - 1
    let slot = low & mask
    for (;;) {
      const taken = this.#slots[slot] ?? 0
      if (taken === 0) return slot
      if (this.#low.at(taken - 1) === low && this.#high.at(taken - 1) === high) return slot
      slot = (slot + 1) & mask
    }
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(2 * old.length)
    for (let number = 0; number < this.#size; number += 1)
      this.#slots[this.#slotOf(this.#high.at(number), this.#low.at(number))] = number + 1
    freeMemory(old)
  }
}
