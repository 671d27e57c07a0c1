import type { Finding } from '../audit/record.ts'
import type { SetAside } from '../audit/relief.ts'
import type { Store } from '../store/store.ts'
import { inPieces } from './format.ts'
import { findingsNdjson } from './ndjson.ts'
import { readOwnRows } from './read-file.ts'
import type { ManifestFile } from './stored.ts'
import { writeFile } from './write-file.ts'

/** Findings that wait in the store until their audit is concluded. */
export interface FindingsAside {
  readonly add: SetAside
  /** Every run of findings that was added, sorted as it came; each can be read once or more. */
  readonly runs: () => readonly AsyncIterable<Finding>[]
  /** Takes them away, when the report is whole or never will be. Never fails: what stays under `parts/` nobody takes for a report. */
  readonly remove: () => Promise<void>
}

/** Puts findings aside under `<audit_id>/parts/`. `runId` is unique, because an audit may be run again under its id. */
export function keepFindingsAside(store: Store, auditId: string, runId: string): FindingsAside {
  const files: ManifestFile[] = []
  // Taken before the first wait: several targets put findings aside at the same time.
  let next = 0
  return {
    add: async (lines) => {
      let rows = 0
      const toText = (line: string) => {
        rows += 1
        return `${line}\n`
      }

      const name = `parts/findings-${runId}-${next}.ndjson`
      next += 1
      files.push(
        await writeFile(store, auditId, {
          name,
          contentType: findingsNdjson.contentType,
          pieces: inPieces(lines, toText),
          rows: () => rows,
        }),
      )
    },
    runs: () => files.map((file) => readOwnRows<Finding>(store, auditId, file)),
    remove: async () => {
      for (const { name } of files.splice(0)) await store.remove(`${auditId}/${name}`).catch(() => undefined)
    },
  }
}
