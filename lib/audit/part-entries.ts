import { mergeParts, type Part } from './part.ts'

/** One thing that a part learned, and of what kind it is: a part is as long as what it learned, its entries are short. */
export type PartEntry = {
  readonly [Key in keyof Part]: readonly [key: Key, value: Part[Key][number]]
}[keyof Part]

/** A part as a sequence of entries, good for JSON one by one. */
export function* entriesOf(part: Part): Iterable<PartEntry> {
  for (const [key, values] of Object.entries(part))
    for (const value of values) yield [key, value] as PartEntry
}

/** The part that these entries came from. */
export async function partOfEntries(entries: AsyncIterable<PartEntry>): Promise<Part> {
  const part: Record<string, unknown[]> = Object.fromEntries(
    Object.keys(mergeParts([])).map((key) => [key, []]),
  )
  for await (const [key, value] of entries) part[key]?.push(value)
  return part as unknown as Part
}
