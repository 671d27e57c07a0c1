import type { Service } from '../backup.ts'
import type { Column, NumberTable } from './number-table.ts'
import { compareText } from './order.ts'
import { PackedValues } from './packed-values.ts'
import { ResourceIndex } from './resource-index.ts'

/** Numbers resources as `ResourceIndex` does, and keeps their ids beside the heap too. */
export class ResourceNames {
  readonly #index: ResourceIndex
  readonly #place: Column
  readonly #ids = new PackedValues()
  readonly #numbers: Readonly<Record<Service, number[]>> = { cbr: [], dcs: [] }
  readonly #ordered: Record<Service, Uint32Array> = { cbr: new Uint32Array(), dcs: new Uint32Array() }

  /** Takes three columns of a table that has a row for each resource. */
  constructor(table: NumberTable) {
    this.#index = new ResourceIndex(table)
    this.#place = table.column()
  }

  /** The number of a resource, which is met now if it was not before. */
  numberOf(service: Service, id: string): number {
    const known = this.#index.size
    const number = this.#index.numberOf(service, id)
    if (number < known) return number
    this.#place.set(number, this.#ids.put([id]))
    this.#numbers[service].push(number)
    return number
  }

  /** The numbers of a service, in the order of their ids; sorted once, for as long as no other is met. */
  sorted(service: Service): Iterable<number> {
    if (this.#ordered[service].length !== this.#numbers[service].length)
      this.#ordered[service] = Uint32Array.from(this.#sort(this.#numbers[service]))
    return this.#ordered[service]
  }

  /** Sorts by the first unit and then what begins alike, as a hundred thousand ids at once take 10 MB. */
  *#sort(numbers: readonly number[]): Iterable<number> {
    const beginnings = Map.groupBy(numbers, (number) => this.idOf(number).slice(0, 1))
    for (const [, alike] of [...beginnings].sort(([one], [other]) => compareText(one, other))) {
      const named = alike.map((number) => ({ number, id: this.idOf(number) }))
      for (const { number } of named.sort((one, other) => compareText(one.id, other.id))) yield number
    }
  }

  /** The id that a resource was numbered by. */
  idOf(number: number): string {
    return String(this.#ids.get(this.#place.at(number))[0])
  }
}
