import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../lib/digest.ts'
import type { LineFormat } from '../../../lib/report/format.ts'
import { type Outlets, type Rows, writeLines } from '../../../lib/report/write-lines.ts'
import type { Store } from '../../../lib/store/store.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { bytesOf } from '../../support/report-laws.ts'
import { allOf, each } from '../../support/sample-record.ts'

const AUDIT_ID = '20261120T064500.000Z-aa'
const plain: LineFormat<number> = { file: 'plain', contentType: 'text/plain', toLine: (row) => `${row}\n` }
const long: LineFormat<number> = {
  file: 'long',
  contentType: 'text/plain',
  opening: 'head\n',
  toLine: (row) => `${'x'.repeat(500)}${row}\n`,
}

/** The files, once they are whole. */
async function written<Row>(store: Store, rows: Rows<Row>, outlets: Outlets<Row>) {
  const { closed } = await writeLines(store, AUDIT_ID, rows, outlets)
  return await closed
}

describe('the files of lines', () => {
  it('are written while the rows pass by once, each with its opening and all rows', async () => {
    const store = createMemoryStore()
    const rows = Array.from({ length: 1000 }, (_, index) => index)
    const files = await written(store, each(rows), { formats: [plain, long] })
    expect(files.map(({ name, rows: count }) => [name, count])).toEqual([
      ['plain', 1000],
      ['long', 1000],
    ])
    const text = async (name: string) => (await bytesOf(store, `${AUDIT_ID}/${name}`)).toString()
    expect(await text('plain')).toBe(rows.map(plain.toLine).join(''))
    expect(await text('long')).toBe(`head\n${rows.map(long.toLine).join('')}`)
    expect(files.at(-1)?.bytes).toBe((await text('long')).length)
  })

  it('show every row to whoever watches, whether rows are there or have to be waited for', async () => {
    for (const rows of [[1, 2, 3], each([1, 2, 3])]) {
      const seen: number[][] = [[], []]
      const watchers = seen.map((list) => (row: number) => void list.push(row))
      const [file] = await written(createMemoryStore(), rows, { formats: [plain], watchers })
      expect(seen).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ])
      expect(file.rows).toBe(3)
    }
  })

  it('hold their opening where there is no row', async () => {
    const store = createMemoryStore()
    await written(store, [], { formats: [plain, long] })
    expect((await bytesOf(store, `${AUDIT_ID}/plain`)).length).toBe(0)
    expect((await bytesOf(store, `${AUDIT_ID}/long`)).toString()).toBe('head\n')
  })

  it('hold long lines in any language whole, whatever fits into the memory they pass through', async () => {
    const store = createMemoryStore()
    const line = `a${'数据é😀'.repeat(60_000)}\n`
    const format = { ...plain, toLine: () => line }
    const [file] = await written(store, [1, 2], { formats: [format] })
    const bytes = await bytesOf(store, `${AUDIT_ID}/plain`)
    expect(bytes.equals(Buffer.from(line + line))).toBe(true)
    expect(file).toMatchObject({ bytes: bytes.length, sha256: sha256(bytes) })
  })

  it('leave nothing behind, none of them, where the rows break off', async () => {
    const store = createMemoryStore()
    const rows = (async function* () {
      yield 1
      throw new Error('the rows broke off')
    })()
    await expect(written(store, rows, { formats: [plain, long] })).rejects.toThrow('the rows broke off')
    expect(await allOf(store.names(''))).toEqual([])
  })

  it('name the one that is there already with other content', async () => {
    const store = createMemoryStore()
    await written(store, [1], { formats: [long] })
    await expect(written(store, [2], { formats: [plain, long] })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('long": it is there already'),
    })
  })
})
