import { FINDING_COLUMNS, RESOURCE_COLUMNS } from '../audit/record.ts'
import { type Format, inPieces } from './format.ts'

/** What a cell can hold: text, or a typed value that no spreadsheet can mistake for a formula. */
export type Cell = string | number | boolean | null

const BYTE_ORDER_MARK = '\uFEFF'
const CONTENT_TYPE = 'text/csv; charset=utf-8; header=present'

// What Excel, LibreOffice and Google Sheets run as a formula, also after blanks; full-width forms count in East Asian locales,
// and NUL is dropped on import, so that what follows it comes first.
const RUNS_AS_FORMULA = /^\s*[=+\-@\t\r\n\0\uFF1D\uFF0B\uFF0D\uFF20]/
// What a terminal obeys when somebody looks at the file with `cat`; tabs and line ends are text, and NUL does nothing.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const COMMANDS_A_TERMINAL = /[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g
const NEEDS_QUOTES = /[",;\p{Cc}]|^\s|\s$/u

/** `findings.csv`: the lines of `findings.ndjson` for spreadsheets. */
export const findingsCsv: Format = {
  file: 'findings.csv',
  contentType: CONTENT_TYPE,
  rowsOf: 'findings',
  render: (record) => renderTable(FINDING_COLUMNS, record.findings()),
}

/** `resources.csv`: the lines of `resources.ndjson` for spreadsheets. */
export const resourcesCsv: Format = {
  file: 'resources.csv',
  contentType: CONTENT_TYPE,
  rowsOf: 'resources',
  render: (record) => renderTable(RESOURCE_COLUMNS, record.resources()),
}

/** One row by RFC 4180, line end included: text that a spreadsheet would run gets a `'` in front, and what a terminal would obey is written as `\u001b`. */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(renderCell).join(',')}\r\n`
}

function renderTable<Column extends string>(
  columns: readonly Column[],
  rows: AsyncIterable<Readonly<Record<Column, Cell>>>,
): AsyncIterable<string> {
  const header = BYTE_ORDER_MARK + csvRow(columns)
  return inPieces(rows, (row) => csvRow(columns.map((column) => row[column])), header)
}

function renderCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  if (RUNS_AS_FORMULA.test(cell)) return quoted(`'${cell}`)
  return NEEDS_QUOTES.test(cell) ? quoted(cell) : cell
}

function quoted(text: string): string {
  return `"${text.replace(COMMANDS_A_TERMINAL, escaped).replaceAll('"', '""')}"`
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
