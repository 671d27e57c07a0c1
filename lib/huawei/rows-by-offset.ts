import { Fault } from '../errors.ts'
import { asWire, text } from './fields.ts'
import { nameOf } from './listing/register.ts'

/**
 * Every row of a list that is read by position until a page is empty; throws where a page brings nothing new, for then the API does not
 * go on, and what stands behind it cannot be seen.
 */
export async function* rowsByOffset(
  readPage: (offset: number) => Promise<readonly unknown[]>,
): AsyncGenerator<unknown> {
  const seen = new Set<string>()
  for (let offset = 0; ; ) {
    const rows = await readPage(offset)
    if (rows.length === 0) return
    const known = seen.size
    for (const row of rows)
      seen.add(nameOf(row, { id: text(asWire(row)?.['id']) || undefined, createdAt: undefined }))
    if (seen.size === known)
      throw new Fault(
        'upstream_unavailable',
        `Cannot read this list to its end: at ${offset} it begins again`,
      )
    yield* rows
    offset += rows.length
  }
}
