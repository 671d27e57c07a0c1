import type { Finding } from '../audit/record.ts'
import type { LineFormat } from './format.ts'
import { oneLine } from './ndjson.ts'
import { sharedBy, toOcsf } from './ocsf-event.ts'

/** The tool that found it, and the moment of its audit as the summary writes it. */
export interface OcsfTerms {
  readonly toolVersion: string
  readonly asOf: string
}

/** `findings.ocsf.ndjson`: every finding as an OCSF Compliance Finding, for a SIEM or a security lake. */
export function findingsOcsf({ toolVersion, asOf }: OcsfTerms): LineFormat<Finding> {
  const shared = sharedBy(toolVersion, asOf)
  return {
    file: 'findings.ocsf.ndjson',
    contentType: 'application/x-ndjson',
    toLine: (finding) => oneLine(toOcsf(finding, shared)),
  }
}
