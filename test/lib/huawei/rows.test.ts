import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseByRows } from '../../../lib/huawei/rows.ts'

const RUNS = 300
const asItCame = (row: unknown): unknown => row

/** What `parseByRows` makes of a text, put together again; undefined where it leaves the text to `JSON.parse`. */
function readByRows(text: string): unknown {
  const read = parseByRows(Buffer.from(text), 'utf8', { key: 'backups', read: asItCame })
  return read && { ...read.frame, backups: read.rows }
}

const text = fc.oneof(
  fc.string({ maxLength: 6 }),
  // What could be taken for the joints of a page.
  fc.constantFrom('{"id":"', '},{"id":"', ']', '"backups":[{"id":1}]', '\\', '"', '备份'),
)
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, text, fc.double(), fc.boolean(), fc.constant(null), tie('list'), tie('row')),
  list: fc.array(tie('any'), { maxLength: 4 }),
  row: fc
    .tuple(text, fc.dictionary(fc.constantFrom('name', 'backups', 'children', '__proto__'), tie('any')))
    .map(([id, rest]) => ({ id, ...rest })),
}))
const page = fc.record({
  before: fc.dictionary(fc.constantFrom('count', 'links', 'more'), value.any),
  backups: fc.array(value.row, { minLength: 1, maxLength: 8 }),
  after: fc.dictionary(fc.constantFrom('limit', 'offset', 'tail'), value.any),
  indent: fc.constantFrom(undefined, 1, '\t'),
})
const pageText = page.map(({ before, backups, after, indent }) =>
  JSON.stringify({ ...before, backups, ...after }, null, indent),
)

describe('parseByRows', () => {
  it('reads a plain page, and every row of it by itself', () => {
    const rows = Array.from({ length: 20 }, (_, index) => ({
      id: `b${index}`,
      children: [],
      name: `n},{${index}`,
    }))
    for (const indent of [undefined, 2]) {
      const json = JSON.stringify({ backups: rows, count: 20 }, null, indent)
      expect(readByRows(json)).toEqual({ backups: rows, count: 20 })
    }
  })

  it('reads rows that hold what looks like rows', () => {
    const child = (id: number) => ({ id, parent: true })
    const rows = [
      { id: 1, children: [child(2), child(3), child(4)] },
      { id: 5, children: [child(6), child(7)] },
    ]
    expect(readByRows(JSON.stringify({ backups: rows }))).toEqual({ backups: rows })
  })

  it('reads vaults, which hold a list of many things that look like vaults', () => {
    const resources = Array.from({ length: 256 }, (_, id) => ({ id, name: '}]},{"id":"\\"' }))
    const rows = [
      { id: 'a', resources },
      { id: 'b', resources },
    ]
    expect(readByRows(JSON.stringify({ backups: rows }))).toEqual({ backups: rows })
  })

  it('reads rows that begin differently', () => {
    const rows = [{ id: 1 }, { name: 'a', id: 2 }, {}]
    expect(readByRows(JSON.stringify({ backups: rows }))).toEqual({ backups: rows })
  })

  it('never reads a page otherwise than JSON.parse does', () => {
    fc.assert(
      fc.property(pageText, (json) => {
        const read = readByRows(json)
        // As bytes, in which half a surrogate pair is U+FFFD.
        if (read !== undefined) expect(read).toEqual(JSON.parse(Buffer.from(json).toString()))
      }),
      { numRuns: RUNS },
    )
  })

  it('reads nothing that JSON.parse does not: cut off, doubled, or with a byte changed', () => {
    const broken = fc
      .tuple(pageText, fc.nat(), fc.constantFrom('', ',', '"', '{', '}', '[', ']', '0', ' '))
      .map(([json, at, mark]) => {
        const place = at % json.length
        return json.slice(0, place) + mark + json.slice(mark === '' ? json.length : place + 1)
      })
    fc.assert(
      fc.property(broken, (json) => {
        const read = readByRows(json)
        // As bytes, in which half a surrogate pair is U+FFFD.
        if (read !== undefined) expect(read).toEqual(JSON.parse(Buffer.from(json).toString()))
      }),
      { numRuns: RUNS },
    )
  })

  it.each([
    ['the last of two lists counts', '{"backups":[{"id":1}],"backups":[{"id":2}]}'],
    ['the last of two values counts', '{"backups":[{"id":1}],"backups":null}'],
    ['a list deeper down is not the list', '{"data":{"backups":[{"id":1}]},"backups":0}'],
    ['an escaped key is the same key', '{"backups":[{"id":1}],"\\u0062ackups":0}'],
    ['rows that are no objects', '{"backups":[1,2]}'],
    ['a row that is no object behind one that is', '{"backups":[{"id":1},null]}'],
    ['no rows', '{"backups":[]}'],
    ['no list', '{"error_code":"x"}'],
  ])('leaves to JSON.parse what is not plain: %s', (_case, json) => {
    expect(readByRows(json)).toBeUndefined()
  })
})
