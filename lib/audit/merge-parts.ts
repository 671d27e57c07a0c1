import { closed, openPart } from './open-part.ts'
import type { Part } from './part.ts'
import { absorb, entriesOf } from './part-entries.ts'

/** Several parts as one: the same whatever their order and wherever they were cut. */
export function mergeParts(parts: Iterable<Part>): Part {
  const merged = openPart()
  for (const part of parts) for (const entry of entriesOf(part)) absorb(merged, entry)
  return closed(merged)
}
