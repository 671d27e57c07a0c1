import type { Service } from '../backup.ts'
import { hash64 } from '../hash64.ts'
import type { Column, NumberTable } from './number-table.ts'
import { Texts } from './texts.ts'

const INITIAL_SLOTS = 1 << 6
const SEEDS = { cbr: 1, dcs: 2 } as const satisfies Record<Service, number>

/**
 * Numbers resources from 0, in the order in which they are met. Their ids lie beside the heap, and are told apart by a hash of 64 bits: two
 * out of a hundred thousand share one with a chance of 3 in 10^10.
 */
export class ResourceIndex {
  /** The number of a resource and one more; 0 where the slot is free. */
  #slots = new Uint32Array(INITIAL_SLOTS)
  #count = 0
  readonly #numbers: Record<Service, number[]> = { cbr: [], dcs: [] }
  readonly #texts = new Texts()
  readonly #high: Column
  readonly #low: Column
  readonly #place: Column

  /** Takes three columns of a table that has a row for each resource, by its number: who looks for it wants the others next. */
  constructor(table: NumberTable) {
    this.#high = table.column()
    this.#low = table.column()
    this.#place = table.column()
  }

  /** The number of a resource, whether it was met before or not. */
  numberOf(service: Service, id: string): number {
    const [high, low] = hash64(id, SEEDS[service])
    const slot = this.#slotOf(high, low)
    const taken = this.#slots[slot] ?? 0
    return taken > 0 ? taken - 1 : this.#add(service, id, [high, low])
  }

  /** The ids of a service, as they were met. */
  *ids(service: Service): Iterable<string> {
    for (const number of this.#numbers[service]) yield JSON.parse(this.#texts.get(this.#place.at(number)))
  }

  #add(service: Service, id: string, [high, low]: readonly [number, number]): number {
    const number = this.#count
    this.#count += 1
    this.#numbers[service].push(number)
    this.#high.set(number, high)
    this.#low.set(number, low)
    this.#place.set(number, this.#texts.put(JSON.stringify(id)))
    if (this.#count * 2 > this.#slots.length) this.#grow()
    else this.#slots[this.#slotOf(high, low)] = number + 1
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
    this.#slots = new Uint32Array(2 * this.#slots.length)
    for (let number = 0; number < this.#count; number += 1)
      this.#slots[this.#slotOf(this.#high.at(number), this.#low.at(number))] = number + 1
  }
}
