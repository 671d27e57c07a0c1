import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ValueReader } from '../../../lib/audit/value-reader.ts'
import { ValueWriter } from '../../../lib/audit/value-writer.ts'

const texts = fc.oneof(
  fc.uuid(),
  // A UUID but for one character.
  fc
    .tuple(fc.uuid(), fc.nat(35), fc.constantFrom('A', 'g', '-', '0', '/', ':', '`', 'é', '\ud800', '\0'))
    .map(([id, at, other]) => id.slice(0, at) + other + id.slice(at + 1)),
  fc.string({ unit: 'binary', maxLength: 150 }),
  fc.string({ unit: 'binary-ascii', maxLength: 150 }),
  fc.string({ unit: 'grapheme', maxLength: 2000 }),
  // Lone surrogates.
  fc.array(fc.nat(0xffff), { maxLength: 150 }).map((units) => String.fromCharCode(...units)),
)
const numbers = fc.oneof(
  fc.double(),
  fc.maxSafeNat(),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    -1,
    255,
    256,
    2 ** 16 - 1,
    2 ** 16,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 46 - 2 ** 30,
    2 ** 46,
    2 ** 53,
  ),
)
const value = fc.oneof(texts, numbers, fc.boolean(), fc.constant(undefined))

describe('values as bytes', () => {
  it('come back as they were, list after list', () => {
    const [writer, reader] = [new ValueWriter(), new ValueReader()]
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), fc.nat(20), (values, start) => {
        const bytes = Buffer.concat([Buffer.alloc(start, 7), writer.write(values), Buffer.alloc(20, 7)])
        expect(reader.read(bytes, start)).toStrictEqual(values)
      }),
      { numRuns: 300 },
    )
  })

  it('take few bytes: a UUID 17, what is yes, no or nothing one, a whole number of GiB three, a time eight', () => {
    const lengthOf = (one: Parameters<ValueWriter['write']>[0][number]) =>
      new ValueWriter().write([one]).length - 2
    const id = '0daac4c5-6707-4851-97ba-169e36266b66'
    expect(
      [id, true, undefined, 255, 40 * 2 ** 30, 1_764_000_000_123_456, 'web-1', 0.5].map(lengthOf),
    ).toEqual([17, 1, 1, 2, 3, 8, 7, 9])
  })

  it('are refused where they were written by nobody', () => {
    expect(() => new ValueReader().read(Buffer.of(3, 1, 99), 0)).toThrow(RangeError)
  })
})
