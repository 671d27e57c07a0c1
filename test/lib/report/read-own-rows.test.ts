import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  FINDING_COLUMNS,
  type Finding,
  RESOURCE_COLUMNS,
  type ResourceRow,
} from '../../../lib/audit/record.ts'
import { sha256 } from '../../../lib/digest.ts'
import { findingLine, oneLine, resourceLine } from '../../../lib/report/ndjson.ts'
import { readOwnRows } from '../../../lib/report/read-file.ts'
import { findingSchema, resourceSchema } from '../../../lib/report/record-schemas.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { allOf, finding, resource } from '../../support/sample-record.ts'

describe('a line that we wrote ourselves', () => {
  it('reads the same without the schema as with it, whatever the cloud called things', () => {
    fc.assert(
      fc.property(
        changed(finding(), FINDING_COLUMNS),
        changed(resource(), RESOURCE_COLUMNS),
        (one, other) => {
          const [findingRead, resourceRead] = [JSON.parse(findingLine(one)), JSON.parse(resourceLine(other))]
          expect(findingRead).toStrictEqual(findingSchema.parse(findingRead))
          expect(resourceRead).toStrictEqual(resourceSchema.parse(resourceRead))
          expect(Object.keys(findingRead)).toEqual(Object.keys(findingSchema.parse(findingRead)))
          expect(findingRead).toStrictEqual(one)
          expect(resourceRead).toStrictEqual(other)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('reads the same wherever the store cuts the file, in the middle of a character too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '数', '😀', '\n', '\u2028') })),
        fc.integer({ min: 1, max: 9 }),
        async (rows, size) => {
          const bytes = Buffer.from(rows.map(oneLine).join(''))
          const read = async function* () {
            for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
          }
          const file = { name: 'rows', sha256: sha256(bytes), bytes: bytes.length, rows: rows.length }
          const store = { ...createMemoryStore(), read }
          expect(await allOf(readOwnRows<string>(store, 'audit-1', file))).toEqual(rows)
        },
      ),
    )
  })

  it('is passed over where only others are wanted, and still proved to be what was written', async () => {
    const bytes = Buffer.from('"a"\nnot even JSON\n"c"\n')
    const read = async function* () {
      yield bytes
    }
    const file = { name: 'rows', sha256: sha256(bytes), bytes: bytes.length, rows: 3 }
    const store = { ...createMemoryStore(), read }
    const someOf = (sha256: string) =>
      allOf(readOwnRows(store, 'audit-1', { ...file, sha256 }, new Set([0, 2, 7])))
    expect(await someOf(file.sha256)).toEqual(['a', 'c'])
    await expect(someOf('00')).rejects.toThrow('it is damaged')
  })
})

/** The row with other values of the same types in some columns: any text for a text, any number for a number. */
function changed<Row extends Finding | ResourceRow>(
  row: Row,
  columns: readonly (keyof Row)[],
): fc.Arbitrary<Row> {
  const closed = new Set<PropertyKey>(['severity', 'delta', 'service', 'worst_severity'])
  const values = columns
    .filter((column) => !closed.has(column))
    .map((column) => fc.tuple(fc.constant(column), like(row[column])))
  return fc.tuple(...values).map((entries) => ({ ...row, ...Object.fromEntries(entries) }))
}

function like(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === 'string') return fc.string({ unit: 'binary' })
  if (typeof value === 'number') return fc.oneof(fc.nat(), fc.constant(0.25), fc.constant(2 ** 52))
  if (typeof value === 'boolean') return fc.boolean()
  return fc.constant(value)
}
