import type { EarlierFinding } from '../audit/delta.ts'
import type { Store } from '../store/store.ts'
import type { ManifestFile } from './manifest.ts'
import { parseStored, readLines } from './read-file.ts'
import { findingSchema } from './record-schemas.ts'

// As we write it: the id comes first.
const LEADING_ID = /^\{"finding_id":"([0-9A-Za-z_-]+)"/

/** The findings of an earlier audit in their order. A line is parsed only when more than its id is asked for. */
export async function* readEarlierFindings(
  store: Store,
  auditId: string,
  file: ManifestFile,
): AsyncIterable<EarlierFinding> {
  const key = `${auditId}/${file.name}`
  for await (const line of readLines(store, auditId, file))
    yield lazily(line, () => parseStored(store, key, line, findingSchema))
}

function lazily(line: string, parse: () => EarlierFinding): EarlierFinding {
  const id = LEADING_ID.exec(line)?.[1]
  if (id === undefined) return parse()
  let parsed: EarlierFinding | undefined
  const whole = (): EarlierFinding => {
    parsed ??= parse()
    return parsed
  }
  return {
    finding_id: id,
    get first_seen() {
      return whole().first_seen
    },
    get control() {
      return whole().control
    },
    get backup_id() {
      return whole().backup_id
    },
    get parent_backup_id() {
      return whole().parent_backup_id
    },
    get service() {
      return whole().service
    },
    get region() {
      return whole().region
    },
    get project_id() {
      return whole().project_id
    },
    get vault_id() {
      return whole().vault_id
    },
    get resource_id() {
      return whole().resource_id
    },
  }
}
