import { BLANKS, CLOSING_BRACKET, COMMA, OPENING_BRACE, OPENING_BRACKET, QUOTE } from './rows/json-bytes.ts'
import { type ObjectRead, PatternReader } from './rows/pattern-reader.ts'
import type { Patterns } from './rows/patterns.ts'

/** How to read the rows of a long page: what is kept of each is made as soon as it is parsed, and the rest is let go. */
export interface RowReading {
  /** The key of the rows: `backups`. */
  readonly key: string
  readonly read: (row: unknown) => unknown
  /** How its rows have been written so far: those that are written alike again need no `JSON.parse`. */
  readonly patterns?: Patterns | undefined
}

/** A row whose own lists hold what looks like rows is tried so often with one piece more. */
const MOST_PIECES = 16

/** Where the rows of a page lie in its bytes, and with what each begins: a brace and the first key. */
interface Layout {
  readonly start: number
  readonly end: number
  readonly opener: Buffer
}

/** A page without its rows, and what was kept of those. */
export interface RowsRead {
  readonly frame: Readonly<Record<string, unknown>>
  readonly rows: readonly unknown[]
}

/**
 * Parses a page row by row, so that what is parsed dies young: a third of what parsing it whole costs. Undefined where it
 * does not lie in the plain form that servers write (every row begins with the same key), and where it is no JSON: then only
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
    const known = patterns && nextAfter(body, layout, patterns.read(reader, start))
    const row = known ?? parseRow(body, encoding, layout, start)
    if (row === undefined) return undefined
    if (known === undefined) patterns?.learn(reader, body, start, row.next)
    rows.push(read(row.value))
    start = row.next
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
  const quote = afterBlanks(body, start + 1)
  if (body[list] !== OPENING_BRACKET || body[start] !== OPENING_BRACE || body[quote] !== QUOTE)
    return undefined
  const end = body.lastIndexOf(CLOSING_BRACKET)
  const keyEnd = body.indexOf(QUOTE, quote + 1)
  return keyEnd === -1 || end < keyEnd ? undefined : { start, end, opener: body.subarray(start, keyEnd + 1) }
}

/** The page with a sentinel in the place of its rows; undefined where they are not what stands under their key. */
function parseFrame(
  body: Buffer,
  encoding: 'latin1' | 'utf8',
  { start, end }: Layout,
  key: string,
): Record<string, unknown> | undefined {
  const frame = parsed(`${body.toString(encoding, 0, start)}0${body.toString(encoding, end)}`)
  const rows = (frame as Record<string, unknown> | undefined)?.[key]
  const isFound = Array.isArray(rows) && rows.length === 1 && rows[0] === 0
  return isFound ? (frame as Record<string, unknown>) : undefined
}

/** A row, and where the next one begins. */
interface RowRead {
  readonly value: unknown
  readonly next: number
}

/** The row that was read by its pattern; undefined where no other one follows it and it is not the last. */
function nextAfter(body: Buffer, { end }: Layout, row: ObjectRead | undefined): RowRead | undefined {
  if (row === undefined) return undefined
  const at = afterBlanks(body, row.end)
  const next = body[at] === COMMA ? afterBlanks(body, at + 1) : at
  const isFollowed = at === end || (body[at] === COMMA && next < end)
  return isFollowed ? { value: row.value, next } : undefined
}

/** The row that begins here, parsed. */
function parseRow(
  body: Buffer,
  encoding: 'latin1' | 'utf8',
  { end, opener }: Layout,
  start: number,
): RowRead | undefined {
  let from = start
  for (let pieces = 0; pieces < MOST_PIECES; ) {
    const found = body.indexOf(opener, from + 1)
    const next = found === -1 || found > end ? end : found
    from = next
    const rowEnd = next === end ? end : beforeBlanks(body, next)
    if (next !== end && body[rowEnd] !== COMMA) continue
    const value = parsed(body.toString(encoding, start, rowEnd))
    if (value !== undefined) return { value, next }
    if (next === end) return undefined
    pieces += 1
  }
  return undefined
}

/** The value of a JSON text; undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function afterBlanks(body: Buffer, from: number): number {
  let at = from
  while (BLANKS.has(body[at])) at += 1
  return at
}

function beforeBlanks(body: Buffer, from: number): number {
  let at = from - 1
  while (BLANKS.has(body[at])) at -= 1
  return at
}
