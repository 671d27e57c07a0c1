import { findingsCsv, resourcesCsv } from './csv.ts'
import type { Format } from './format.ts'
import { reportHtml } from './html/report-html.ts'
import { findingsOcsf } from './ocsf.ts'

/** The renderings that every report has, in the order in which they are written: the page for people comes last. */
export function standardFormats(toolVersion: string): readonly Format[] {
  return [findingsCsv, resourcesCsv, findingsOcsf(toolVersion), reportHtml(toolVersion)]
}
