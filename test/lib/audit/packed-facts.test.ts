import { describe, expect, it } from 'vitest'
import { factsOf, PackedFacts } from '../../../lib/audit/packed-facts.ts'
import { PackedHolders } from '../../../lib/audit/packed-holders.ts'
import { cbrBackup, resource } from './samples.ts'

/** Another value of the same kind, or one where there was none. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  return value === undefined ? 'something' : undefined
}

const facts = factsOf(cbrBackup(), 'server-1')
const holder = resource()

describe('Packed facts', () => {
  it.each(Object.keys(facts).filter((key) => key !== 'resourceId'))(
    'tells two backups of one vault apart that differ in their %s',
    (key) => {
      const other = { ...facts, [key]: another(facts[key as keyof typeof facts]) }
      const packed = new PackedFacts()
      const places = [facts, other, facts].map((each) => packed.put(each))
      expect(places.map((place) => packed.factsAt(place, 'server-1'))).toEqual([facts, other, facts])
    },
  )
})

describe('Packed holders', () => {
  it.each(Object.keys(holder).filter((key) => key !== 'id'))(
    'tells two resources of one vault apart that differ in their %s',
    (key) => {
      const other = { ...holder, [key]: another(holder[key as keyof typeof holder]) }
      const packed = new PackedHolders()
      const places = [holder, other, holder].map((each) => packed.put(each))
      expect(places.map((place) => packed.holderAt(place, holder.id))).toEqual([holder, other, holder])
    },
  )
})
