import {
  addChildFinding,
  addChildQuestion,
  addQuestion,
  addTarget,
  closed,
  type OpenPart,
  openPart,
} from './open-part.ts'
import type { Part } from './part.ts'

type Entry<Key extends keyof Part> = readonly [
  key: Key,
  value: Part[Key] extends Iterable<infer Value> ? Value : never,
]

/** One thing that a part learned, and of what kind it is: a part is as long as what it learned, its entries are short. */
export type PartEntry = { readonly [Key in keyof Part]: Entry<Key> }[keyof Part]

/** A part as a sequence of entries, good for JSON one by one. */
export function* entriesOf(part: Part): Iterable<PartEntry> {
  for (const [key, values] of Object.entries(part))
    for (const value of values) yield [key, value] as PartEntry
}

/** The part that these entries came from. */
export async function partOfEntries(entries: AsyncIterable<PartEntry>): Promise<Part> {
  const part = openPart()
  for await (const entry of entries) absorb(part, entry)
  return closed(part)
}

/** Adds what another part learned. */
export function absorb(into: OpenPart, [key, value]: PartEntry): void {
  switch (key) {
    case 'targets':
      addTarget(into, value)
      break
    case 'findings':
      into.findings.add(value)
      break
    case 'childFindings':
      addChildFinding(into, value)
      break
    case 'questions':
      for (const print of value.prints) addQuestion(into, value.control, value.because, print)
      break
    case 'childQuestions':
      addChildQuestion(into, value)
      break
    case 'histories':
      into.histories.add(value)
      break
    case 'strays':
    case 'scoped':
    case 'held':
      into[key].push(value)
      break
    case 'sighted':
      into.sighted.add(value)
      break
    default:
      key satisfies never
  }
}
