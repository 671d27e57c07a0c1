import type { AuditRecord, Finding, Summary } from '../../lib/audit/record.ts'
import { findingsCsv, resourcesCsv } from '../../lib/report/csv.ts'
import type { Formats } from '../../lib/report/format.ts'
import { findingsNdjson, resourcesNdjson } from '../../lib/report/ndjson.ts'
import { findingsOcsf } from '../../lib/report/ocsf.ts'
import type { Publication } from '../../lib/report/publish.ts'
import type { Store } from '../../lib/store/store.ts'
import { finding, record, resource } from './sample-record.ts'

/** The files that are quick to make. */
const textFormats: Formats = {
  findings: [
    findingsNdjson,
    findingsCsv,
    findingsOcsf({ toolVersion: '1.2.3', asOf: '2026-11-21T06:45:00.123Z' }),
  ],
  resources: [resourcesNdjson, resourcesCsv],
  pages: [],
}

/** A small audit of its own id, ready to be published. */
export function publication(
  store: Store,
  auditId: string,
  own: Partial<Summary> = {},
  findings: readonly Finding[] = [finding({ finding_id: '01' }), finding({ finding_id: '02', muted: true })],
): Publication {
  const rows = findings.map((each) => ({ ...each, audit_id: auditId }))
  const resources = [resource(), resource({ resource_id: 'server-2' })]
  return publicationOf(store, record(rows, resources, { audit_id: auditId, ...own }))
}

/** Any record, ready to be published. */
function publicationOf(store: Store, { summary, findings, resources }: AuditRecord): Publication {
  return {
    store,
    auditId: summary.audit_id,
    findings: findings(),
    resources: resources(),
    summarise: () => summary,
    toolVersion: '1.2.3',
    formats: textFormats,
  }
}
