import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import wabt from 'wabt'
import { Patterns } from '../../../../lib/huawei/rows/patterns.ts'
import { parseByRows } from '../../../../lib/huawei/rows.ts'

const ROOM = join(import.meta.dirname, '../../../../lib/huawei/rows')
const WHOLE = {}
const PROJECTION = {
  id: WHOLE,
  name: WHOLE,
  size: WHOLE,
  children: { id: WHOLE, name: WHOLE },
  tags: { name: WHOLE },
}

describe('the matcher', () => {
  it('is what matcher.wat says', async () => {
    const { parseWat } = await wabt()
    const source = parseWat('matcher.wat', readFileSync(join(ROOM, 'matcher.wat'), 'utf8'), { simd: true })
    const base64 = Buffer.from(source.toBinary({}).buffer).toString('base64')
    source.destroy()
    const text = `/** \`matcher.wat\` as WebAssembly, in Base64: written by its test. */\nexport const MATCHER_WASM =\n  '${base64}'\n`
    await expect(text).toMatchFileSnapshot(join(ROOM, 'matcher-wasm.ts'))
  })

  it('finds where a text ends, and what it must not hold, at any place of any length', () => {
    for (let length = 0; length <= 40; length += 1)
      for (const odd of ['"', '\\', '\\"', '\n', '\u001f', ' ', '\u007f', 'é', '备'])
        for (let at = 0; at <= length; at += 1) {
          const text = `${'x'.repeat(at)}${odd}${'y'.repeat(length - at)}`
          expect([text, readBy('{"id":"1","name":"known"}', `{"id":"2","name":"${text}"}`)]).toEqual([
            text,
            parsedOrNot(`{"id":"2","name":"${text}"}`),
          ])
        }
  })

  it('tells texts from the last one that differ in any byte', () => {
    for (let length = 1; length <= 40; length += 1) {
      const rows = Array.from({ length: length + 1 }, (_, at) => ({
        id: 'a',
        name: `${'x'.repeat(at)}y${'x'.repeat(length - at)}`.slice(0, length),
      }))
      expect(readPage({ backups: rows.flatMap((row) => [row, row]) })).toEqual(
        rows.flatMap((row) => [row, row]),
      )
    }
  })

  it('tells numbers from the last one that begin with it, or that it begins with', () => {
    const rows = [12, 1, 12, 123, 12, 0].map((size) => ({ id: 'a', size }))
    expect(readPage({ backups: rows })).toEqual(rows)
  })

  it.each([
    ['a text that ends with an escape', '{"id":"a","name":"b"}', '{"id":"a","name":"b\\}'],
    ['a text that ends with the line', '{"id":"a","name":"b"}', '{"id":"a","name":"b\n}'],
    ['a word that is none', '{"id":"a","is":false}', '{"id":"a","is":falsy}'],
    ['a list that ends as an object', '{"id":"a","size":[1]}', '{"id":"a","size":[1}}'],
    ['a zero where a list was empty', '{"id":"a","children":[]}', '{"id":"b","children":[\0]}'],
    ['a zero in a list that is let go', '{"id":"a","other":[]}', '{"id":"b","other":[\0,\0]}'],
    ['a list that begins as an object', '{"id":"a","size":[1]}', '{"id":"a","size":{1]}'],
  ])('takes for no JSON %s', (_case, known, row) => {
    expect(readPage({ backups: [JSON.parse(known), JSON.parse(known)] })).toHaveLength(2)
    expect(() => JSON.parse(row)).toThrow()
    expect(readBy(known, row)).toBeUndefined()
  })

  it('takes pages of any length, one after the other', () => {
    const lengthOf = (name: string) => JSON.stringify({ backups: [{ id: 'a', name }] }).length
    const pages = [1, 2, 40, 3].flatMap((memoryPages) =>
      Array.from({ length: 40 }, (_, less) => 'n'.repeat(memoryPages * 65_536 - lengthOf('') - less)),
    )
    const patterns = new Patterns(PROJECTION, 'id')
    for (const name of pages) {
      const rows = [{ id: 'a', name }]
      expect(readPage({ backups: rows }, patterns)).toEqual(rows)
    }
  })

  it.each([
    ['a row with more than it notes down', { id: 'b', children: childrenOf(2060) }],
    ['a row with one list more', { id: 'b', children: childrenOf(2047), tags: [{ other: 1 }] }],
    [
      'a page that is longer than its memory may become',
      { id: 'b', children: [], name: 'n'.repeat(1 << 25) },
    ],
    ['a row whose keys are longer than its memory for them', { id: 'b', ['k'.repeat(70_000)]: 1, name: 'n' }],
    ['a row of more steps than it has memory for', { id: 'b', children: [], ...manyKeys(2000) }],
  ])('leaves to JSON.parse %s', (_case, row) => {
    // What it noted down too much would lie in the row before.
    const pad = 'x'.repeat(10_000)
    const rows = [
      { pad, id: 'a', children: childrenOf(2), tags: ['t'] },
      { pad, ...row },
      { pad, ...row },
    ]
    expect(readPage({ backups: rows }).map(pick)).toEqual(rows.map(pick))
  })

  it.each([
    ['WebAssembly is switched off', '--jitless', 1],
    ['its memory cannot be had', '--wasm-max-mem-pages=3', 1],
    ['its memory cannot grow', '--wasm-max-mem-pages=4', 200_000],
  ])('is not missed where %s', (_case, flag, length) => {
    const script = `
      import { parseByRows } from '../rows.ts'
      import { Patterns } from './patterns.ts'
      const patterns = new Patterns({ id: {} }, 'id')
      const body = Buffer.from(JSON.stringify({ backups: ['a', 'b'].map((id) => ({ id, pad: 'x'.repeat(${length}) })) }))
      console.log(JSON.stringify(parseByRows(body, 'latin1', { key: 'backups', read: ({ id }) => ({ id }), patterns }).rows))`
    // As JavaScript: what Node takes the types out with is WebAssembly too.
    const { outputFiles } = buildSync({
      stdin: { contents: script, resolveDir: ROOM },
      bundle: true,
      platform: 'node',
      write: false,
    })
    const input = outputFiles[0]?.text ?? ''
    const output = execFileSync(process.execPath, [flag, '-'], { encoding: 'utf8', input })
    expect(JSON.parse(output)).toEqual([{ id: 'a' }, { id: 'b' }])
  })
})

interface Row {
  readonly id: string
  readonly name?: string
  readonly children?: readonly object[]
  readonly tags?: readonly unknown[]
}

function childrenOf(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({ name: 'child', id: `${index}` }))
}

function manyKeys(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, { is: index }]))
}

function pick(row: object): object {
  const { id, name, children, tags } = row as Row
  return { id, name, children, tags }
}

function readPage(page: object, patterns = new Patterns(PROJECTION, 'id')): readonly Row[] {
  const body = Buffer.from(JSON.stringify(page))
  const read = parseByRows(body, 'utf8', { key: 'backups', read: (row) => row, patterns })
  return (read?.rows ?? []) as readonly Row[]
}

/** The second row as it is read by the pattern of the first, or undefined. */
function readBy(known: string, row: string): unknown {
  const body = Buffer.from(`{"backups":[${known},${row}]}`)
  const patterns = new Patterns(PROJECTION, 'id')
  return parseByRows(body, 'utf8', { key: 'backups', read: (value) => value, patterns })?.rows[1]
}

function parsedOrNot(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
