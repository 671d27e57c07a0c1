import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Projection, WHOLE } from '../../../../lib/huawei/rows/pattern.ts'
import { PatternReader } from '../../../../lib/huawei/rows/pattern-reader.ts'
import { Patterns } from '../../../../lib/huawei/rows/patterns.ts'
import { parseByRows } from '../../../../lib/huawei/rows.ts'

const RUNS = 500
const CHILD: Projection = { id: WHOLE, info: { size: WHOLE } }
const KEYS: Projection = {
  id: WHOLE,
  name: WHOLE,
  size: WHOLE,
  children: CHILD,
  info: { size: WHOLE, f: CHILD },
}

/** What is left of a value where only this is looked at, said once more. */
function pruned(value: unknown, lookedAt = KEYS): unknown {
  if (Array.isArray(value)) return value.map((item) => pruned(item, lookedAt))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const within = Object.hasOwn(lookedAt, key) ? lookedAt[key] : undefined
      return within === undefined ? [] : [[key, pruned(inner, within)]]
    }),
  )
}

/** Both with what is kept of their rows alone; whether a row was parsed whole is not to be seen. */
function prunedPage(page: unknown): unknown {
  const { backups, ...frame } = page as { backups: unknown }
  return { ...frame, backups: pruned(backups) }
}

function readPage(bytes: Buffer, patterns: Patterns): unknown {
  const read = parseByRows(bytes, 'utf8', { key: 'backups', read: (row) => row, patterns })
  return read && { ...read.frame, backups: read.rows }
}

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('a', 'ab', '', '},{"id":"', '"', '\\', 'vault 备份', '\u0000', '\ufffd', 'x'.repeat(40)),
)
const plain = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab ,:{}[]é备'), maxLength: 12 }),
  fc.constant(null),
  fc.boolean(),
  fc.nat(),
)
/** Now and then one that patterns leave to `JSON.parse`, and with it the row. */
const scalar = fc.oneof(
  { weight: 300, arbitrary: plain },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 10, 1e15, 123456789012345, 1e300) },
)
/** Seldom empty: a pattern that was learnt from an empty list reads none but such. */
const listOf = <Item>(item: fc.Arbitrary<Item>, maxLength: number) =>
  fc.oneof(
    { weight: 15, arbitrary: fc.array(item, { minLength: 1, maxLength }) },
    { weight: 1, arbitrary: fc.constant([]) },
  )
const child = fc.record({ id: scalar, kind: scalar, info: fc.record({ size: scalar }) })
/** Rows of one form with any scalars in them: what is learnt from one is tried on the next. */
const rowOf = (hasSizes: boolean, hasLists: boolean) =>
  fc.record({
    id: fc.oneof({ weight: 20, arbitrary: fc.uuid() }, { weight: 1, arbitrary: scalar }),
    a: scalar,
    b: fc.record({ id: scalar, c: fc.record({ name: scalar }), d: listOf(scalar, 2) }),
    name: scalar,
    info: fc.record({ size: scalar, e: scalar, f: listOf(child, 2) }),
    size: hasSizes ? listOf(scalar, 3) : scalar,
    children: listOf(child, 3),
    ...(hasLists && { g: fc.array(fc.array(scalar, { maxLength: 1 }), { maxLength: 1 }) }),
  })
const rows = fc.tuple(fc.boolean(), fc.boolean()).chain(([hasSizes, hasLists]) => {
  const usual = { weight: 10, arbitrary: rowOf(hasSizes, false) }
  return fc.array(fc.oneof(usual, rowOf(!hasSizes, hasLists)), { minLength: 4, maxLength: 12 })
})
const json = fc
  .record({ backups: rows, indent: fc.constantFrom(undefined, 1) })
  .map(({ backups, indent }) => JSON.stringify({ backups, count: 1 }, null, indent))

/** Counts the rows that needed no `JSON.parse`. */
class CountedPatterns extends Patterns {
  known = 0

  override read(...at: Parameters<Patterns['read']>): ReturnType<Patterns['read']> {
    const read = super.read(...at)
    if (read !== undefined) this.known += 1
    return read
  }
}

describe('patterns of rows', () => {
  it('never read a page otherwise than JSON.parse does', () => {
    let [known, all] = [0, 0]
    fc.assert(
      fc.property(json, (page) => {
        const patterns = new CountedPatterns(KEYS, 'id')
        const parsed = JSON.parse(Buffer.from(page).toString())
        expect(prunedPage(readPage(Buffer.from(page), patterns))).toEqual(prunedPage(parsed))
        known += patterns.known
        all += parsed.backups.length
      }),
      { numRuns: RUNS },
    )
    console.error('SHARE', known, all)
    expect(known / all).toBeGreaterThan(0.2)
  })

  it('read nothing that JSON.parse does not: cut off, or with any byte changed', () => {
    const broken = fc
      .tuple(
        json,
        fc.nat(),
        fc.oneof(fc.constantFrom(...Buffer.from('",\\{}[]0 .e-\n')), fc.nat({ max: 255 })),
      )
      .map(([page, at, byte]) => {
        const bytes = Buffer.from(page)
        bytes[at % bytes.length] = byte
        return { page, bytes }
      })
    fc.assert(
      fc.property(broken, ({ page, bytes }) => {
        // Learnt from the page as it was, so that all but one byte is known.
        const patterns = new Patterns(KEYS, 'id')
        readPage(Buffer.from(page), patterns)
        const read = readPage(bytes, patterns)
        if (read !== undefined) expect(prunedPage(read)).toEqual(prunedPage(JSON.parse(bytes.toString())))
      }),
      { numRuns: 4 * RUNS },
    )
  })

  it('keep of a row written alike only what is under their keys', () => {
    const patterns = new Patterns(KEYS, 'id')
    const rowOf = (id: string, size: number, items: number) =>
      JSON.stringify({
        id,
        secret: id,
        info: { size, id, deep: { size } },
        children: Array.from({ length: items }, (_, item) => ({
          id: `${id}-${item}`,
          name: id,
          other: [item],
        })),
      })
    learn(patterns, rowOf('a', 1, 1))
    const bytes = Buffer.from(`  ${rowOf('备份', 23, 2)},`)
    expect(patterns.read(new PatternReader(bytes, 'utf8'), 2)).toEqual({
      value: { id: '备份', info: { size: 23 }, children: [{ id: '备份-0' }, { id: '备份-1' }] },
      end: bytes.length - 1,
    })
  })

  it.each([
    ['a comma behind the last row', '{"backups":[{"id":"1"},{"id":"2"},]}'],
    ['no comma between two', '{"backups":[{"id":"1"}{"id":"2"}]}'],
    ['a row behind the list', '{"backups":[{"id":"1"}],{"id":"2"}}'],
  ])('make no page of what is none: %s', (_case, page) => {
    const patterns = new Patterns(KEYS, 'id')
    learn(patterns, '{"id":"1"}')
    expect(readPage(Buffer.from(page), patterns)).toBeUndefined()
  })

  const pageWith = (odd: string) => `{"backups":[{"id":"1"},${odd},{"id":"2"},${odd}]}`

  it.each(['null', '5', '"x"', '[]'])('leave a page to JSON.parse that has %s among its rows', (odd) => {
    expect(readPage(Buffer.from(pageWith(odd)), new Patterns(KEYS, 'id'))).toBeUndefined()
  })

  it('leave a row of another form to JSON.parse, and read those around it', () => {
    const page = pageWith('{"name":1}')
    expect(readPage(Buffer.from(page), new Patterns(KEYS, 'id'))).toEqual(JSON.parse(page))
  })

  it('keep all of a row without an id, by which it is told from others', () => {
    const patterns = new Patterns(KEYS, 'id')
    const rows = ['', null, 7].map((id) => ({ id, secret: id }))
    const page = { backups: [{ id: 'a', secret: 'b' }, ...rows, ...rows] }
    expect(readPage(Buffer.from(JSON.stringify(page)), patterns)).toEqual(page)
  })

  it('are given up where rows are too different, and cost nothing then', () => {
    const patterns = new Patterns(KEYS, 'id')
    const form = (index: number) => `{"id":"${index}","key-${index % 5}":0}`
    for (let index = 0; index < 1000; index += 1)
      if (read(patterns, form(index)) === undefined) learn(patterns, form(index))
    expect([0, 1, 2, 3, 4].map((index) => read(patterns, form(index)))).toEqual(Array(5).fill(undefined))
    learn(patterns, form(0))
    expect(read(patterns, form(0))).toBeUndefined()
  })

  it('are given up too where they fit, but only after others that do not', () => {
    const patterns = new Patterns(KEYS, 'id')
    const form = (index: number) => `{"id":"${index}","key-${index % 4}":0}`
    for (let index = 0; index < 4; index += 1) learn(patterns, form(index))
    for (let index = 0; index < 2000; index += 1) read(patterns, form(index))
    expect(read(patterns, form(0))).toBeUndefined()
  })

  it('are kept where most rows are alike, for ever so many others', () => {
    const patterns = new Patterns(KEYS, 'id')
    for (let index = 0; index < 10_000; index += 1) {
      const row = index % 25 === 0 ? `{"id":"\\u0061","a":0}` : `{"id":"${index}","a":0}`
      if (read(patterns, row) === undefined) learn(patterns, row)
    }
    expect(read(patterns, '{"id":"x","a":1}')).toEqual({ id: 'x' })
  })

  it('outlive the bytes they were learnt from', () => {
    const patterns = new Patterns(KEYS, 'id')
    const page = Buffer.from('{"id":"one","a":12}')
    patterns.learn(new PatternReader(page, 'utf8'), page, 0, page.length)
    page.fill('x')
    expect(read(patterns, '{"id":"two","a":13}')).toEqual({ id: 'two' })
  })

  it.each([
    ['other scalars', '{"id":"a","a":1,"size":null}', '{"id":"b","a":"x","size":false}'],
    ['a number that goes on behind the known one', '{"id":"a","a":1}', '{"id":"a","a":12}'],
    ['a number where one was that is told to its end', '{"id":"a","a":12}', '{"id":"a","a":1}'],
    ['a text that begins as the last one did', '{"id":"abcd"}', '{"id":"abcdefgh"}'],
    ['a text that the last one begins with', '{"id":"abcd"}', '{"id":"ab"}'],
    ['an empty list', '{"id":"1","children":[{"id":1}]}', '{"id":"1","children":[]}'],
  ])('need no JSON.parse for %s', (_case, known, other) => {
    const patterns = new Patterns(KEYS, 'id')
    learn(patterns, known)
    expect(read(patterns, known)).toEqual(pruned(JSON.parse(known)))
    expect(read(patterns, other)).toEqual(pruned(JSON.parse(other)))
  })

  it.each([
    ['an escape', '{"id":"a"}', '{"id":"\\u0061"}'],
    ['a control character', '{"id":"aaaaaaaa"}', '{"id":"aaaa\taaa"}'],
    ['a fraction', '{"id":"1","size":1}', '{"id":"1","size":1.5}'],
    ['a number of sixteen digits', '{"id":"1","size":1}', '{"id":"1","size":9007199254740993}'],
    ['a leading zero', '{"id":"1","size":1}', '{"id":"1","size":01}'],
    ['another key', '{"id":"1","a":1}', '{"id":"1","b":1}'],
    ['an end that is missing', '{"id":"1"}', '{"id":"1"'],
    ['an item of a list that was empty', '{"id":"1","children":[]}', '{"id":"1","children":[1]}'],
  ])('leave %s to JSON.parse', (_case, known, other) => {
    const patterns = new Patterns(KEYS, 'id')
    learn(patterns, known)
    expect(read(patterns, other)).toBeUndefined()
  })

  it.each([
    ['a key that is kept twice', '{"id":"1","id":"2"}'],
    ['an escaped key', '{"\\u0069d":"1"}'],
    ['a list in a list', '{"id":"1","size":[[1]]}'],
    ['a depth that no stack bears', `{"id":"1","a":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
  ])('are not learnt from %s', (_case, row) => {
    const patterns = new Patterns(KEYS, 'id')
    learn(patterns, row)
    expect(read(patterns, row)).toBeUndefined()
  })

  it('take bytes that are no UTF-8 for no text, be they those of the last one in another encoding', () => {
    const patterns = new Patterns(KEYS, 'id')
    learn(patterns, '{"id":"é"}')
    expect(read(patterns, '{"id":"é"}')).toEqual({ id: 'é' })
    const latin1 = new PatternReader(Buffer.from('{"id":"é"}', 'latin1'), 'utf8')
    expect(patterns.read(latin1, 0)?.value).toEqual({ id: '\ufffd' })
  })

  it('know the four forms that were met last', () => {
    const patterns = new Patterns(KEYS, 'id')
    const form = (index: number) => `{"id":"${index}","key-${index}":0}`
    for (let index = 0; index < 4; index += 1) learn(patterns, form(index))
    expect(read(patterns, form(0))).toEqual({ id: '0' })
    learn(patterns, form(4))
    expect([0, 1, 2, 3, 4].filter((index) => read(patterns, form(index)) === undefined)).toEqual([1])
  })
})

function learn(patterns: Patterns, row: string): void {
  const bytes = Buffer.from(row)
  patterns.learn(new PatternReader(bytes, 'utf8'), bytes, 0, bytes.length)
}

function read(patterns: Patterns, row: string): unknown {
  return patterns.read(new PatternReader(Buffer.from(row), 'utf8'), 0)?.value
}
