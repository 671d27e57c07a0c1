import { asWire, text } from './fields.ts'
import type { Parameters } from './listing/listing.ts'
import { type Collection, readPage } from './page.ts'
import type { ScanLog } from './scanning.ts'

export interface ListRowsOptions {
  readonly idKey: string
  readonly isCounted: boolean
  readonly onUnproven: () => void
}

export async function listRows(
  collection: Collection,
  log: ScanLog,
  filter: Parameters = [],
  options: Partial<ListRowsOptions> = {},
): Promise<readonly unknown[]> {
  const { idKey = 'id', isCounted = false } = options
  const seen = new Map<string, unknown>()
  for (let offset = 0; ; ) {
    const page = await readPage(collection, [...filter, ['limit', '1000'], ['offset', String(offset)]], log)
    if (page.rows.length === 0) break
    if (isCounted) log.listed += page.rows.length
    for (const row of page.rows) {
      const id = text(asWire(row)?.[idKey]) ?? JSON.stringify(row)
      if (seen.has(id) && isCounted) log.duplicates += 1
      else if (!seen.has(id)) {
        seen.set(id, row)
        if (isCounted) log.distinct += 1
      }
    }
    offset += page.rows.length
  }
  return [...seen.values()]
}
