import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PackedObjects } from '../../../lib/audit/packed-objects.ts'

interface Thing {
  readonly kind: string | undefined
  readonly name: string | undefined
  readonly size: number
  readonly cue?: object
}

const openPacked = () =>
  new PackedObjects<Thing, Pick<Thing, 'kind'>, [string | undefined, number]>({
    sharedOf: ({ kind }) => ({ kind }),
    ownOf: ({ name, size }) => [name, size],
    cueOf: ({ cue }) => cue,
    isShared: (shared, { kind }) => shared.kind === kind,
  })
const take = (packed: ReturnType<typeof openPacked>, place: number): Thing => {
  const { shared, own } = packed.get(place)
  return { ...shared, name: own[0], size: own[1] }
}

const someThing = fc.record({
  kind: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }),
  // Now and then longer than a chunk, and of every script.
  name: fc.oneof(
    { weight: 20, arbitrary: fc.option(fc.string({ unit: 'binary', maxLength: 40 }), { nil: undefined }) },
    { weight: 1, arbitrary: fc.nat({ max: 300_000 }).map((length) => 'é'.repeat(length)) },
  ),
  size: fc.double({ noNaN: true, noDefaultInfinity: true }).map((size) => size + 0),
})

const CUES = [{}, {}]

describe('PackedObjects', () => {
  it('gives back what was put on it, whatever else was put there since', () => {
    fc.assert(
      fc.property(fc.array(someThing, { maxLength: 30 }), (things) => {
        const packed = openPacked()
        const places = things.map((thing) => packed.put(thing))
        expect(new Set(places).size).toBe(things.length)
        expect(places).not.toContain(0)
        expect(places.map((place) => take(packed, place))).toEqual(things)
      }),
    )
  })

  it('is not misled by what things share less than they seem to', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(someThing, fc.nat({ max: 2 })), { maxLength: 30 }), (given) => {
        const packed = openPacked()
        const places = given.map(([thing, index]) => {
          const cue = CUES[index]
          return packed.put(cue === undefined ? thing : { ...thing, cue })
        })
        expect(places.map((place) => take(packed, place))).toEqual(given.map(([thing]) => thing))
      }),
    )
  })

  it('uses a spare place again where the new thing fits, and leaves its neighbours alone', () => {
    const cut = (name: string | undefined, share: number) =>
      name && [...name].slice(0, Math.ceil([...name].length * share)).join('')
    const someShare = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        someThing,
        someThing,
        someThing,
        someThing,
        someShare,
        (before, old, after, other, share) => {
          for (const fits of [true, false]) {
            const packed = openPacked()
            const [first, spare, last] = [before, old, after].map((thing) => packed.put(thing))
            const next = fits ? { ...old, kind: after.kind, name: cut(old.name, share) } : other
            const place = packed.put(next, spare)
            expect(take(packed, place)).toEqual(next)
            expect(take(packed, first ?? 0)).toEqual(before)
            expect(take(packed, last ?? 0)).toEqual(after)
            if (fits) expect(place).toBe(spare)
          }
        },
      ),
    )
  })

  it('takes a shorter thing in the place of a longer one', () => {
    const packed = openPacked()
    const place = packed.put({ kind: 'a', name: 'x'.repeat(30), size: 1 })
    expect(packed.put({ kind: 'b', name: 'y', size: 2 }, place)).toBe(place)
    expect(take(packed, place)).toEqual({ kind: 'b', name: 'y', size: 2 })
  })

  it('has nothing where nothing was put', () => {
    expect(() => openPacked().get(8)).toThrow(RangeError)
  })
})
