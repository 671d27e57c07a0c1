import type { Service } from '../../lib/backup.ts'
import { type Cell, csvRow } from '../../lib/report/csv.ts'
import { toRow } from '../read-pages.ts'
import { renderTable } from '../table.ts'
import { wrap } from '../wrap.ts'
import { COLUMNS, CSV_COLUMNS } from './backup-columns.ts'
import type { BackupsFormat } from './backups-flags.ts'
import type { Chunk } from './list-targets.ts'

/** What a rendering must know besides the rows. */
export interface Look {
  readonly service: Service
  /** How wide the terminal is, in columns. */
  readonly width: number
  /** The line under the rows of a target. */
  readonly close: (chunk: Chunk) => string
}

type Render = (chunks: AsyncIterable<Chunk>, look: Look) => AsyncIterable<string>

/** The formats of a list: all but the table, which must know its widths, are made as the pages come. */
export const BACKUP_FORMATS = {
  table: renderTables,
  json: renderJson,
  ndjson: renderNdjson,
  csv: renderCsv,
} as const satisfies Record<BackupsFormat, Render>

async function* renderTables(chunks: AsyncIterable<Chunk>, { service, width, close }: Look) {
  let rows: unknown[] = []
  let isFirst = true
  for await (const chunk of chunks) {
    rows.push(...chunk.rows)
    if (!chunk.isLast) continue
    const table = rows.length === 0 ? [] : [...renderTable(COLUMNS[service], rows, width), '']
    yield [...(isFirst ? [] : ['']), ...table, ...wrap(close(chunk), width), ''].join('\n')
    rows = []
    isFirst = false
  }
}

/** The names of Huawei's own bodies. */
const MEMBERS = {
  cbr: { rows: 'backups', count: 'count' },
  dcs: { rows: 'backup_record_response', count: 'total_num' },
} as const satisfies Record<Service, { rows: string; count: string }>

/** One page is Huawei's body as it came; several are one body of the same shape. */
async function* renderJson(chunks: AsyncIterable<Chunk>, { service }: Look) {
  const members = MEMBERS[service]
  let count = 0
  let opening = `{"${members.rows}":[`
  for await (const { whole, rows } of chunks) {
    if (whole !== undefined) {
      yield `${whole}\n`
      return
    }
    for (const row of rows) {
      yield `${opening}${toLine(row)}`
      opening = ',\n'
      count += 1
    }
  }
  yield `${count === 0 ? opening : ''}],"${members.count}":${count}}\n`
}

async function* renderNdjson(chunks: AsyncIterable<Chunk>) {
  for await (const { rows } of chunks) for (const row of rows) yield `${toLine(row)}\n`
}

/** Without a byte order mark: what is piped goes to programs. */
async function* renderCsv(chunks: AsyncIterable<Chunk>, { service }: Look) {
  let columns: readonly string[] | undefined
  for await (const { rows } of chunks) {
    const flat = rows.map((row) => new Map(scalarsOf(row)))
    if (columns === undefined) {
      columns = [...new Set([...CSV_COLUMNS[service], ...flat.flatMap((row) => [...row.keys()])])]
      yield csvRow(columns)
    }
    for (const row of flat) yield csvRow(columns.map((name) => row.get(name) ?? null))
  }
}

/** Every field that is no list, those of objects by `outer.inner`. */
function scalarsOf(value: unknown, prefix = ''): readonly (readonly [string, Cell])[] {
  return Object.entries(toRow(value)).flatMap(([name, field]) => {
    const path = `${prefix}${name}`
    if (isCell(field)) return [[path, field] as const]
    return scalarsOf(field, `${path}.`)
  })
}

function isCell(value: unknown): value is Cell {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** A row on one line, whatever counts as the end of a line, and without what a terminal would obey. */
function toLine(row: unknown): string {
  return JSON.stringify(row).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
