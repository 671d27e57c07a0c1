import type { CollectionOptions, Lie } from './moving-collection.ts'
import { dice } from './moving-collection.ts'

/** What a list can lie about, one at a time. */
export const LIES: readonly Lie[] = [
  { kind: 'count', as: 'off', by: -3 },
  { kind: 'count', as: 'off', by: 3 },
  { kind: 'count', as: 'page length' },
  { kind: 'count', as: 'constant' },
  { kind: 'count', as: 'absent' },
  { kind: 'order', as: 'desc' },
  { kind: 'order', as: 'unsorted' },
  { kind: 'order', as: 'never by id' },
  { kind: 'filter', ignored: 'start' },
  { kind: 'filter', ignored: 'end' },
  { kind: 'filter', ignored: 'both' },
  { kind: 'bound', of: 'end', readAs: 'its day' },
  { kind: 'bound', of: 'both', readAs: 'its day' },
  { kind: 'bound', of: 'end', readAs: '8 hours earlier' },
  { kind: 'bound', of: 'both', readAs: '8 hours earlier' },
  { kind: 'bound', of: 'end', readAs: '8 hours later' },
  { kind: 'bound', of: 'both', readAs: '8 hours later' },
  { kind: 'hides some from end_time' },
  { kind: 'cap', limit: 37, isEchoed: true },
  { kind: 'cap', limit: 37, isEchoed: false },
  { kind: 'loop' },
  { kind: 'drops the tail' },
  { kind: 'repeats a page' },
  { kind: 'doubles a row' },
  { kind: 'empty' },
  { kind: 'lost' },
]

/** A collection that moves while it is listed, as the seed will have it. */
export function drawCollection(seed: number): CollectionOptions {
  const random = dice(seed * 7919)
  const pick = <Value>(values: readonly [Value, ...Value[]]) =>
    values[Math.floor(random() * values.length)] ?? values[0]
  return {
    seed,
    rows: pick([0, 1, 99, 100, 101, 500, 2000, 5000]),
    // In a fifth of all worlds everything is so young that no count bounds it.
    spanDays: seed % 5 === 4 ? 0.01 : pick([1, 30, 365]),
    inserts: pick([0, 1, 2, 5]),
    deletes: pick([0, 1, 2, 20]),
    deletesWhich: pick(['random', 'oldest', 'last served']),
    late: pick([0, 0, 5]),
    hotSecond: pick([0, 0, 101, 350]),
    hotTied: pick([true, false]),
    unstableTies: pick([true, false]),
    undated: pick([0, 0, 3, 120]),
    undatedFirst: pick([true, false]),
    nameless: pick([0, 0, 3]),
    start: pick(['inclusive', 'exclusive', 'inclusive seconds', 'exclusive seconds']),
    end: pick(['inclusive', 'exclusive', 'inclusive seconds', 'exclusive seconds']),
  }
}
