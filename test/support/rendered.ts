import type { AuditRecord, Finding } from '../../lib/audit/record.ts'
import type { LineFormat, PageFormat } from '../../lib/report/format.ts'
import { textOf } from './sample-record.ts'
import { streamed } from './streamed.ts'

/** A file of lines as a report has it. */
export function linesOf<Row>({ opening = '', toLine }: LineFormat<Row>, rows: readonly Row[]): string {
  return opening + rows.map(toLine).join('')
}

/** A page as a report has it: all findings have passed by, then all resources. */
export async function pageOf(
  { begin }: PageFormat,
  { summary, findings, resources }: AuditRecord,
): Promise<string> {
  const draft = begin()
  const seen: Finding[] = []
  for await (const finding of findings()) {
    draft.addFinding(finding)
    seen.push(finding)
  }
  for await (const row of resources()) draft.addResource(row)
  return await textOf(
    draft.render(summary, (ordinals) => streamed(seen.filter((_, ordinal) => ordinals.has(ordinal)))),
  )
}
