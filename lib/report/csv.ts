import { FINDING_COLUMNS, type Finding, RESOURCE_COLUMNS, type ResourceRow } from '../audit/record.ts'
import type { LineFormat } from './format.ts'

/** What a cell can hold: text, or a typed value that no spreadsheet can mistake for a formula. */
export type Cell = string | number | boolean | null

const BYTE_ORDER_MARK = '\uFEFF'
const CONTENT_TYPE = 'text/csv; charset=utf-8; header=present'

// What Excel, LibreOffice and Google Sheets run as a formula, also after blanks; full-width forms count in East Asian locales,
// and NUL is dropped on import, so that what follows it comes first.
const RUNS_AS_FORMULA = /^\s*[=+\-@\t\r\n\0\uFF1D\uFF0B\uFF0D\uFF20]/
// What a terminal obeys when somebody looks at the file with `cat`, and NUL, at which sqlite ends a cell, and for which `grep` takes
// the file to be no text; tabs and line ends are text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NO_TEXT = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g
// Ids, times and words: nearly all cells, told by one look.
const HARMLESS = /^\w[\w.:-]*$/
const NEEDS_QUOTES = /[",;\p{Cc}]|^\s|\s$/u

/** `findings.csv`: the lines of `findings.ndjson` for spreadsheets. */
export const findingsCsv: LineFormat<Finding> = table('findings.csv', FINDING_COLUMNS)

/** `resources.csv`: the lines of `resources.ndjson` for spreadsheets. */
export const resourcesCsv: LineFormat<ResourceRow> = table('resources.csv', RESOURCE_COLUMNS)

/** One row by RFC 4180, line end included: text that a spreadsheet would run gets a `'` in front, and control characters that are no text are written as `\u001b`. */
export function csvRow(cells: readonly Cell[]): string {
  return ended(cells.map(renderCell))
}

function table<Column extends string>(
  file: string,
  columns: readonly Column[],
): LineFormat<Readonly<Record<Column, Cell>>> {
  return {
    file,
    contentType: CONTENT_TYPE,
    opening: BYTE_ORDER_MARK + csvRow(columns),
    toLine: (row) => ended(columns.map((column) => renderCell(row[column]))),
  }
}

function ended(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`
}

function renderCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  if (HARMLESS.test(cell)) return cell
  if (RUNS_AS_FORMULA.test(cell)) return quoted(`'${cell}`)
  return NEEDS_QUOTES.test(cell) ? quoted(cell) : cell
}

function quoted(text: string): string {
  return `"${text.replace(NO_TEXT, escaped).replaceAll('"', '""')}"`
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
