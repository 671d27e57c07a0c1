import type { Conclusion } from '../../../lib/audit/conclude.ts'
import { CONTROLS } from '../../../lib/audit/controls/index.ts'
import type { ResourceRow } from '../../../lib/audit/record.ts'
import { createTally } from '../../../lib/audit/summarise.ts'
import { findingsOf } from './findings-of.ts'

/** The rows of a conclusion with what was found of each, as a report has them. */
export function counted({ findings, resources }: Conclusion): ResourceRow[] {
  const tally = createTally(CONTROLS)
  for (const finding of findingsOf({ findings })) tally.add(finding)
  return [...resources].map(tally.counted)
}
