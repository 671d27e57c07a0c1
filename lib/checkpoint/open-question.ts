import {
  type Coverage,
  coverageOf,
  mentionedIn,
  type Resource,
  unmentionedIn,
  unseenIn,
  wantedIn,
} from './coverage.ts'
import type { Existing, LedgerRecord, RecordIn, Seen } from './record.ts'

const MOST_NAMED = 5

const UNREADABLE = 'What Huawei left out of this checkpoint cannot be read in its answer'

/** What nobody knows yet of a checkpoint that exists, in one sentence; undefined where nothing is open, and before it exists. */
export function openQuestion(record: LedgerRecord): string | undefined {
  switch (record.state) {
    case 'STARTED':
    case 'PARTIAL':
      return unsaid(record) ?? unseen(record)
    case 'DONE':
      return isUncovered(record) ? UNREADABLE : undefined
    case 'RECEIVED':
    case 'PARKED':
    case 'JOINED':
    case 'INTENT':
    case 'REFUSED':
    case 'UNKNOWN':
    case 'HUMAN':
    case 'FAILED':
      return undefined
  }
}

/** Whether it is open of one that has ended if all that was asked for was taken in; of a good end only what was left out may be. */
export function isUncovered(record: Existing): boolean {
  const question = unsaid(record)
  return record.state === 'DONE' ? question === UNREADABLE : question !== undefined
}

/** What the answer of Huawei does not say of what was asked for. */
export function unsaid(record: Pick<Existing, 'request' | 'answer'>): string | undefined {
  const coverage = coverageOf(record)
  const { asked, accepted, skipped, isSilent } = coverage
  if (isSilent) return undefined
  const unmentioned = unmentionedIn(coverage)
  if (unmentioned.length > 0)
    return `Huawei says of ${nameAll(unmentioned)} neither that it was taken in nor that it was left out`
  if (accepted === undefined || (accepted.length === 0 && skipped?.length === 0))
    return 'Huawei does not say which resources this checkpoint takes in'
  if (skipped === undefined) return asked.length > 0 ? undefined : UNREADABLE
  return uncounted(coverage)
}

/** Ids of `resource_details` may come back as others, so that only their number can be compared. */
function uncounted(coverage: Coverage): string | undefined {
  const [mentioned, wanted] = [mentionedIn(coverage), wantedIn(coverage)]
  return mentioned < wanted
    ? `Huawei speaks of ${mentioned} of the ${wanted} resources that were asked for`
    : undefined
}

function unseen(record: RecordIn<'STARTED' | 'PARTIAL'>): string | undefined {
  return record.seen?.status === 'available' ? describeUnseen(record, record.seen.backups) : undefined
}

/** What of a checkpoint that is available has no backup in sight; undefined where everything has. */
export function describeUnseen(
  record: RecordIn<'STARTED' | 'PARTIAL'>,
  backups: Seen['backups'],
): string | undefined {
  const missing = unseenIn(coverageOf(record), backups)
  if (missing.length === 0 && backups.length > 0) return undefined
  const which = missing.length === 0 ? '' : ` of ${nameAll(missing)}`
  return `No backup${which} is in sight, though Huawei calls the checkpoint available`
}

function nameAll(resources: readonly Resource[]): string {
  const names = resources.slice(0, MOST_NAMED).map(({ id, name }) => {
    const known = [name, id === null || name === null ? id : `(${id})`].filter((part) => part !== null)
    return known.length === 0 ? 'a resource without an id' : known.join(' ')
  })
  const more = resources.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
