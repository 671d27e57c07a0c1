import type { Column, NumberTable } from './number-table.ts'
import { distinctTexts } from './order.ts'

/** Regions of each resource in which it has copies: many have the same, so each combination is kept once. */
export class CopyRegions {
  readonly #numbers: Column
  readonly #lists: (readonly string[])[] = [[]]

  /** Takes a column of a table that has a row for each resource. */
  constructor(table: NumberTable) {
    this.#numbers = table.column()
  }

  add(index: number, region: string): void {
    const known = this.at(index)
    if (known.includes(region)) return
    const regions = distinctTexts([...known, region])
    const same = this.#lists.findIndex((list) => JSON.stringify(list) === JSON.stringify(regions))
    this.#numbers.set(index, same === -1 ? this.#lists.push(regions) - 1 : same)
  }

  /** Those of a resource, sorted. */
  at(index: number): readonly string[] {
    return this.#lists[this.#numbers.at(index)] ?? []
  }
}
