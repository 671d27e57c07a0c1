import { styleText } from 'node:util'
import type { Service } from '../../lib/backup.ts'
import { parseTime } from '../../lib/parse-time.ts'
import { formatTime } from '../../lib/time.ts'
import { type Row, toRow } from '../read-pages.ts'
import type { Column } from '../table.ts'

/** What a table of backups shows, as far as the terminal is wide enough: the id always, for it is what one copies. */
export const COLUMNS = {
  cbr: [
    column('CREATED (UTC)', 2, ({ created_at }) => minute(created_at)),
    statusColumn(),
    column('RESOURCE', 4, ({ resource_name }) => words(resource_name), 8),
    column('TYPE', 5, ({ resource_type }) => words(resource_type).replace(/^.*::/, '')),
    column('KIND', 7, ({ image_type }) => (image_type === 'replication' ? 'copy' : words(image_type))),
    column('BACKUP', 8, ({ name }) => words(name), 12),
    column('GB', 9, ({ resource_size }) => words(resource_size)),
    column('EXPIRES (UTC)', 6, ({ expired_at }) => minute(expired_at)),
    column('VAULT', 10, ({ vault_id }) => words(vault_id)),
    column('ID', 1, ({ id }) => words(id)),
  ],
  dcs: [
    column('CREATED (UTC)', 2, ({ created_at }) => minute(created_at)),
    statusColumn(),
    column('BACKUP', 4, ({ backup_name }) => words(backup_name), 8),
    column('TYPE', 5, ({ backup_type }) => words(backup_type)),
    column('MB', 6, ({ size }) => (typeof size === 'number' ? String(Math.ceil(size / 2 ** 20)) : '')),
    column('RESTORABLE', 7, ({ is_support_restore }) => words(is_support_restore)),
    column('ERROR', 8, ({ error_code }) => words(error_code)),
    column('ID', 1, ({ backup_id }) => words(backup_id)),
  ],
} as const satisfies Record<Service, readonly Column<unknown>[]>

/** The first columns of the CSV, in the order in which people look for them; the other fields follow as they come. */
export const CSV_COLUMNS = {
  cbr: [
    'id',
    'created_at',
    'status',
    'resource_name',
    'resource_type',
    'resource_id',
    'name',
    'image_type',
    'resource_size',
    'incremental',
    'expired_at',
    'protected_at',
    'updated_at',
    'vault_id',
    'checkpoint_id',
    'parent_id',
    'project_id',
    'enterprise_project_id',
    'resource_az',
    'description',
  ],
  dcs: [
    'backup_id',
    'created_at',
    'status',
    'backup_name',
    'instance_id',
    'backup_type',
    'size',
    'is_support_restore',
    'error_code',
    'updated_at',
  ],
} as const satisfies Record<Service, readonly string[]>

type Colour = 'green' | 'yellow' | 'red'

const STATUS_COLOURS: Readonly<Record<string, Colour>> = {
  available: 'green',
  succeed: 'green',
  error: 'red',
  failed: 'red',
  expired: 'red',
}

function statusColumn(): Column<unknown> {
  const paint = (text: string, row: unknown) =>
    styleText(STATUS_COLOURS[words(toRow(row)['status'])] ?? 'yellow', text, { stream: process.stdout })
  return { ...column('STATUS', 3, ({ status }) => words(status), 9), paint }
}

function column(title: string, rank: number, cell: (row: Row) => string, least?: number): Column<unknown> {
  const base = { title, rank, cell: (row: unknown) => cell(toRow(row)) }
  return least === undefined ? base : { ...base, least }
}

function words(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Times of Huawei have no zone and mean UTC; what is no time is shown as it came. */
function minute(value: unknown): string {
  const instant = typeof value === 'string' ? parseTime(value) : undefined
  return instant === undefined ? words(value) : formatTime(instant).slice(0, 16).replace('T', ' ')
}
