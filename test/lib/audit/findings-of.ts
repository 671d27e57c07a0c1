import type { Conclusion } from '../../../lib/audit/conclude.ts'
import type { Finding } from '../../../lib/audit/record.ts'

/** The findings of a conclusion as a report has them: in one list. */
export function findingsOf({ findings }: Pick<Conclusion, 'findings'>): Finding[] {
  return findings
    .flatMap((stream) => [...stream])
    .sort((one, other) => (one.finding_id < other.finding_id ? -1 : 1))
}
