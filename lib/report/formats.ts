import { findingsCsv, resourcesCsv } from './csv.ts'
import type { Formats } from './format.ts'
import { reportHtml } from './html/report-html.ts'
import { findingsNdjson, resourcesNdjson } from './ndjson.ts'
import { findingsOcsf } from './ocsf.ts'

/** The files of every report; `asOf` is the moment of the audit as its summary writes it. */
export function standardFormats(about: { readonly toolVersion: string; readonly asOf: string }): Formats {
  return {
    findings: [findingsNdjson, findingsCsv, findingsOcsf(about)],
    resources: [resourcesNdjson, resourcesCsv],
    pages: [reportHtml(about.toolVersion)],
  }
}
