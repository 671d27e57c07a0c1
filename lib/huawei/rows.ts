import { parseJson } from '../parse-json.ts'
import { asWire, type Wire } from './fields.ts'
import { BLANKS, CLOSING_BRACKET, COMMA, OPENING_BRACE, OPENING_BRACKET } from './rows/json-bytes.ts'
import { objectEnd } from './rows/object-end.ts'
import { PatternReader } from './rows/pattern-reader.ts'
import type { Patterns } from './rows/patterns.ts'

/** How to read the rows of a long page: what is kept of each is made as soon as it is parsed, and the rest is let go. */
export interface RowReading {
  /** The key of the rows: `backups`. */
  readonly key: string
  readonly read: (row: unknown) => unknown
  /** How its rows have been written so far: those that are written alike again need no `JSON.parse`. */
  readonly patterns?: Patterns | undefined
}

/** Where the rows of a page lie in its bytes. */
interface Layout {
  readonly start: number
  readonly end: number
}

/** A page without its rows, and what was kept of those. */
export interface RowsRead {
  readonly frame: Wire
  readonly rows: readonly unknown[]
}

/**
 * Parses a page row by row, so that what is parsed dies young: a third of what parsing it whole costs. Undefined where it
 * does not lie in the plain form that servers write (a list of objects), and where it is no JSON: then only
 * parsing it whole can tell. The cuts are guessed, but not the result: pieces that are each one JSON value, in a frame
 * that is JSON with a list in their place, make a text that `JSON.parse` reads the same.
 */
export function parseByRows(
  body: Buffer,
  encoding: 'latin1' | 'utf8',
  { key, read, patterns }: RowReading,
): RowsRead | undefined {
  const layout = layoutOf(body, key)
  if (layout === undefined) return undefined
  const frame = parseFrame(body, encoding, layout, key)
  if (frame === undefined) return undefined
  const reader = new PatternReader(body, encoding)
  const rows: unknown[] = []
  for (let start = layout.start; start < layout.end; ) {
    const known = patterns?.read(reader, start)
    const row = known ?? parseRow(body, encoding, start)
    const next = row && nextAfter(body, layout, row.end)
    if (row === undefined || next === undefined) return undefined
    if (known === undefined) patterns?.learn(reader, body, start, row.end)
    rows.push(read(row.value))
    start = next
  }
  return { frame: { ...frame, [key]: [] }, rows }
}

function layoutOf(body: Buffer, key: string): Layout | undefined {
  const name = Buffer.from(`"${key}"`)
  const at = body.indexOf(name)
  if (at === -1) return undefined
  const colon = afterBlanks(body, at + name.length)
  const list = afterBlanks(body, colon + 1)
  const start = afterBlanks(body, list + 1)
  const end = body.lastIndexOf(CLOSING_BRACKET)
  const isPlain = body[list] === OPENING_BRACKET && body[start] === OPENING_BRACE && start < end
  return isPlain ? { start, end } : undefined
}

/** The page with a sentinel in the place of its rows; undefined where they are not what stands under their key. */
function parseFrame(
  body: Buffer,
  encoding: 'latin1' | 'utf8',
  { start, end }: Layout,
  key: string,
): Wire | undefined {
  const frame = asWire(parseJson(`${body.toString(encoding, 0, start)}0${body.toString(encoding, end)}`))
  const rows = frame?.[key]
  const isFound = Array.isArray(rows) && rows.length === 1 && rows[0] === 0
  return isFound ? frame : undefined
}

/** A row, and where it ends. */
interface RowRead {
  readonly value: unknown
  readonly end: number
}

/** The row that begins here, parsed. */
function parseRow(body: Buffer, encoding: 'latin1' | 'utf8', start: number): RowRead | undefined {
  const end = body[start] === OPENING_BRACE ? objectEnd(body, start) : undefined
  const value = end && parseJson(body.toString(encoding, start, end))
  return end === undefined || value === undefined ? undefined : { value, end }
}

/** Where the row begins that follows one which ends here, or where the rows end; undefined where it is neither. */
function nextAfter(body: Buffer, { end }: Layout, rowEnd: number): number | undefined {
  const at = afterBlanks(body, rowEnd)
  if (at === end) return end
  const next = body[at] === COMMA ? afterBlanks(body, at + 1) : end
  return next < end ? next : undefined
}

function afterBlanks(body: Buffer, from: number): number {
  let at = from
  while (BLANKS.has(body[at])) at += 1
  return at
}
