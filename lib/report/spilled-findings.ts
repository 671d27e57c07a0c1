import type { WriteRun } from '../audit/findings-spill.ts'
import type { Finding } from '../audit/record.ts'
import type { Store } from '../store/store.ts'
import { inPieces } from './format.ts'
import type { ManifestFile } from './manifest.ts'
import { findingsNdjson } from './ndjson.ts'
import { readOwnRows } from './read-file.ts'
import { writeFile } from './write-file.ts'

/** Findings that wait in the store until their audit is concluded. */
export interface SpilledFindings {
  readonly add: WriteRun
  /** Every run of findings that was added, sorted as it came; each can be read once or more. */
  readonly runs: () => readonly AsyncIterable<Finding>[]
  /** Takes them away, when the report is whole or never will be. Never fails: what stays under `parts/` nobody takes for a report. */
  readonly remove: () => Promise<void>
}

/** Keeps runs of findings under `<audit_id>/parts/`. `uniqueId` tells them from those of another process, because an audit may be run again under its id. */
export function openSpilledFindings(store: Store, auditId: string, uniqueId: string): SpilledFindings {
  const files: ManifestFile[] = []
  // Taken before the first wait: several runs may be written at the same time.
  let next = 0
  return {
    add: async (lines) => {
      let rows = 0
      const toText = (line: string) => {
        rows += 1
        return `${line}\n`
      }
      const name = `parts/findings-${uniqueId}-${next}.ndjson`
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
      const removing = files.splice(0).map(({ name }) => store.remove(`${auditId}/${name}`))
      await Promise.allSettled(removing)
    },
  }
}
