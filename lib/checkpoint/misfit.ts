import { isJsonObject } from '../json-object.ts'
import { keyOf } from '../key-of.ts'
import { parseTime } from '../parse-time.ts'
import { before, type Duration, hours } from '../time.ts'
import { coverageOf, mentionedIn, unmentionedIn, wantedIn } from './coverage.ts'
import type { Checkpoint } from './outcome.ts'
import { storedTime } from './record.ts'
import type { Doubtful } from './transitions.ts'

/** What clocks differ by that are set over the network. */
const CLOCK_DIFFERENCE: Duration = hours(5 / 3600)

/**
 * Why a checkpoint that bears the name a caller gave may be another than the one this request made, for such names repeat;
 * undefined where nothing speaks against it. `rivals` are other requests of that name whose outcome is not known.
 */
export function misfit(
  record: Doubtful,
  checkpoint: Checkpoint,
  rivals: readonly Doubtful[],
): string | undefined {
  const why = misfitOf(record, checkpoint)
  if (why !== undefined || isNarrowed(record, checkpoint)) return why
  const fitter = rivals.find(
    (rival) => isNarrowed(rival, checkpoint) && misfitOf(rival, checkpoint) === undefined,
  )
  return fitter && `fits operation ${fitter.operation} better`
}

/** Why a checkpoint cannot be the one that was asked for, whoever gave the name; undefined where Huawei names no other vault. */
export function strangeness(record: Doubtful, { checkpointId, body }: Checkpoint): string | undefined {
  const { vault } = body.checkpoint
  const named = isJsonObject(vault) ? vault['id'] : undefined
  const isOther = typeof named === 'string' && named !== '' && keyOf(named) !== keyOf(record.vault_id)
  const wasOther = record.state !== 'INTENT' && keyOf(record.not_ours) === keyOf(checkpointId)
  return isOther || wasOther ? 'is of another vault, says Huawei' : undefined
}

function misfitOf(record: Doubtful, { body }: Checkpoint): string | undefined {
  const createdAt = parseTime(String(body.checkpoint['created_at'] ?? ''))
  if (createdAt !== undefined && createdAt < before(storedTime(record.sent_at), CLOCK_DIFFERENCE))
    return 'was made before this was sent'
  const coverage = coverageOf({ request: record.request, answer: body })
  const wanted = wantedIn(coverage)
  if (coverage.accepted === undefined || wanted === 0) return undefined
  // Ids of `resource_details` may come back as others, so those are counted only.
  const isOther = unmentionedIn(coverage).length > 0 || mentionedIn(coverage) > wanted
  return isOther ? 'is of other resources' : undefined
}

/** Whether a request asks for some resources of its vault, and not for all. */
function isNarrowed({ request }: Doubtful, { body }: Checkpoint): boolean {
  return wantedIn(coverageOf({ request, answer: body })) > 0
}
