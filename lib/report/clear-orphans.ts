import { before, type Duration, hours, type Instant } from '../time.ts'
import { startOf } from './audit-id.ts'
import { type Clearing, clearParts, noting } from './clear-parts.ts'
import { listAudits } from './previous.ts'
import { manifestKey } from './read-record.ts'

/** Nobody goes on with an audit that is older. */
const ORPHANED_AFTER: Duration = hours(7 * 24)
/** What is older still was looked at by the audits of a month, or holds a report. */
const FORGOTTEN_AFTER: Duration = hours(35 * 24)

/** Takes away the parts of runs that died more than a week ago; never where a report became whole. Never fails. */
export async function clearOrphans(clearing: Clearing, now: Instant): Promise<void> {
  const { store } = clearing
  await noting(clearing, async () => {
    for (const auditId of await listAudits(store)) {
      const startedAt = startOf(auditId)
      if (startedAt === undefined || startedAt > before(now, ORPHANED_AFTER)) continue
      if (startedAt < before(now, FORGOTTEN_AFTER)) continue
      const isOrphaned = async () => (await store.get(manifestKey(auditId))) === undefined
      await clearParts(clearing, auditId, isOrphaned)
    }
  })
}
