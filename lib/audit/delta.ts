import type { Instant } from '../time.ts'
import type { Finding } from './record.ts'

/** What an earlier audit must tell of a finding. */
export type EarlierFinding = Pick<Finding, 'finding_id' | 'first_seen' | 'service' | 'region' | 'project_id'>

/** A complete audit of the past, as far as a comparison needs it. */
export interface EarlierAudit {
  readonly auditId: string
  readonly asOf: Instant
  /** Whether it read this target (service, region, project) completely. */
  readonly scanned: (finding: Pick<Finding, 'service' | 'region' | 'project_id'>) => boolean
  /** Its findings, sorted by `finding_id`. */
  readonly findings: () => AsyncIterable<EarlierFinding>
}
