import type { Store } from '../store/store.ts'
import { before, type Duration, hours, parseTime } from '../time.ts'
import { openOperations } from './closed.ts'
import { coverageOf, unmentionedIn, wantedIn } from './coverage.ts'
import type { Checkpoint } from './outcome.ts'
import { type LedgerRecord, readStanding, storedTime } from './record.ts'
import type { Doubtful } from './transitions.ts'

/** What clocks differ by that are set over the network. */
const CLOCK_DIFFERENCE: Duration = hours(5 / 3600)

/**
 * Why a checkpoint that bears the name a caller gave may be another than the one this request made, for such names repeat;
 * undefined where nothing speaks against it.
 */
export async function misfit(
  store: Store,
  record: Doubtful,
  checkpoint: Checkpoint,
): Promise<string | undefined> {
  const why = misfitOf(record, checkpoint)
  if (why !== undefined || isNarrowed(record, checkpoint)) return why
  for (const operation of await openOperations(store)) {
    const other = await readStanding(store, operation)
    if (other === undefined || !isRival(record, other) || !isNarrowed(other, checkpoint)) continue
    if (misfitOf(other, checkpoint) === undefined) return `fits operation ${operation} better`
  }
  return undefined
}

function misfitOf(record: Doubtful, { body }: Checkpoint): string | undefined {
  const createdAt = parseTime(String(body.checkpoint['created_at'] ?? ''))
  if (createdAt !== undefined && createdAt < before(storedTime(record.sent_at), CLOCK_DIFFERENCE))
    return 'was made before this was sent'
  const coverage = coverageOf({ request: record.request, answer: body })
  const { asked, accepted, skipped = [] } = coverage
  if (accepted === undefined || asked.length === 0) return undefined
  // Ids of `resource_details` may come back as others, so those are counted only.
  const isOther = unmentionedIn(coverage).length > 0 || accepted.length + skipped.length > wantedIn(coverage)
  return isOther ? 'is of other resources' : undefined
}

/** Whether a request asks for some resources of its vault, and not for all. */
function isNarrowed({ request }: LedgerRecord, { body }: Checkpoint): boolean {
  const { asked, detailed } = coverageOf({ request, answer: body })
  return asked.length + detailed.length > 0
}

/** Whether another request of unknown outcome may have made a checkpoint of this name. */
function isRival(record: Doubtful, other: LedgerRecord): other is Doubtful {
  return (
    (other.state === 'INTENT' || other.state === 'UNKNOWN' || other.state === 'HUMAN') &&
    other.operation !== record.operation &&
    other.name === record.name &&
    other.vault_id === record.vault_id &&
    other.project_id === record.project_id &&
    other.region === record.region
  )
}
