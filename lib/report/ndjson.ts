import { FINDING_COLUMNS, type Finding, RESOURCE_COLUMNS, type ResourceRow } from '../audit/record.ts'
import type { LineFormat } from './format.ts'

/** A finding as one line of JSON: every key, in the contract's order. */
export const findingLine = jsonLine<Finding>(FINDING_COLUMNS)

/** A resource as one line of JSON: every key, in the contract's order. */
export const resourceLine = jsonLine<ResourceRow>(RESOURCE_COLUMNS)

/** `findings.ndjson`: with the resources and the summary, what every other rendering can be made from again. */
export const findingsNdjson: LineFormat<Finding> = {
  file: 'findings.ndjson',
  contentType: 'application/x-ndjson',
  toLine: findingLine,
}

/** `resources.ndjson`: one line per protected resource, good or bad. */
export const resourcesNdjson: LineFormat<ResourceRow> = {
  file: 'resources.ndjson',
  contentType: 'application/x-ndjson',
  toLine: resourceLine,
}

/** Writes any value as one line that no reader can mistake for two. */
export function oneLine(value: unknown): string {
  const json = JSON.stringify(value)
  // Nearly no line has one. To look for single characters takes next to nothing, for a class of them a microsecond; and to
  // look through a text that was put together, V8 copies it.
  const mayEnd = json.includes('\u0085') || json.includes('\u2028') || json.includes('\u2029')
  return `${mayEnd ? withoutLineEnds(json) : json}\n`
}

/** These are legal inside a line of JSON, but readers that split text the Unicode way would see a line end there. */
function withoutLineEnds(json: string): string {
  return json.replaceAll('\u0085', '\\u0085').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

function jsonLine<Row extends object>(columns: readonly (keyof Row & string)[]): (row: Row) => string {
  const inOrder = (row: Row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))
  return (row) => oneLine(hasExactly(row, columns) ? row : inOrder(row))
}

/** Whether these are the keys of a row, in this order, and all have values: rows are made so, and need no copy. */
function hasExactly<Row extends object>(row: Row, columns: readonly (keyof Row & string)[]): boolean {
  let index = 0
  for (const key in row) {
    if (key !== columns[index] || row[key] === undefined) return false
    index += 1
  }
  return index === columns.length
}
