import { createHash } from 'node:crypto'
import type { Store } from '../store/store.ts'
import { inPieces } from './format.ts'
import type { ManifestFile } from './manifest.ts'
import { writeFile } from './write-file.ts'

/**
 * Writes lines of JSON, each without its end, as `<audit_id>/parts/part-NNNNN-<sha256>`: who does the same work twice finds it done, and
 * other work gets another name. The lines are gone through twice; `readOwnRows` reads them again.
 */
export async function writePartFile(
  store: Store,
  auditId: string,
  number: number,
  lines: Iterable<string>,
): Promise<ManifestFile> {
  const hash = createHash('sha256')
  let count = 0
  for (const line of lines) {
    hash.update(ended(line))
    count += 1
  }
  const sha256 = hash.digest('hex')
  const file = await writeFile(store, auditId, {
    name: `parts/part-${String(number).padStart(5, '0')}-${sha256}`,
    contentType: 'application/x-ndjson',
    pieces: inPieces(lines, ended),
    rows: () => count,
  })
  if (file.sha256 !== sha256) throw new TypeError('The lines of a part were others the second time')
  return file
}

function ended(line: string): string {
  return `${line}\n`
}
