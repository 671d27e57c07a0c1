import type { Observation, Target } from '../backup.ts'
import { Fault } from '../errors.ts'
import type { Scan, ScanOutcome } from '../scan.ts'
import type { ListingOutcome } from './listing/listing.ts'

/** How many unreadable records are named before the rest is only counted. */
const MOST_NAMED = 10

/** What a scan notes down while it reads a target. */
export class ScanLog {
  listed = 0
  distinct = 0
  duplicates = 0
  requests = 0
  countBefore: number | undefined
  countAfter: number | undefined
  readonly incompleteBecause: string[] = []
  readonly notes = new Set<string>()
  /** Records that cannot be judged, a sentence each. */
  readonly malformed: string[] = []
  /** Resources whose backups may not all have been seen; `all` where that is every one. */
  readonly unread = new Set<string>()
  allUnread = false
  /** Whether any call was answered. */
  answered = false
  fault: Fault | undefined

  /** Notes that a part of the target could not be read. */
  lose(fault: Fault): void {
    this.incompleteBecause.push(fault.message)
    this.fault ??= fault
  }

  /** Notes what a list is not proved to hold. */
  doubt(what: string, { incompleteBecause }: Pick<ListingOutcome, 'incompleteBecause'>): void {
    this.incompleteBecause.push(...incompleteBecause.map((because) => `${what}: ${because}`))
  }

  /** Notes what a reader should know although it is no failure; the same only once. */
  note(text: string): void {
    this.notes.add(text)
  }

  outcome({ region, projectId, service }: Target): ScanOutcome {
    const because = [...this.incompleteBecause, ...this.describeMalformed()]
    const notes = [...because, ...this.notes]
    const report = {
      region,
      project_id: projectId,
      service,
      listed: this.listed,
      distinct: this.distinct,
      duplicates: this.duplicates,
      count_before: this.countBefore ?? null,
      count_after: this.countAfter ?? null,
      requests: this.requests,
      verdict: because.length === 0 ? 'complete' : 'incomplete',
      note: notes.length === 0 ? null : notes.join('; '),
    } as const
    const unread = this.allUnread ? 'all' : [...this.unread]
    return { report, incompleteBecause: because, unread, fault: this.answered ? undefined : this.fault }
  }

  private describeMalformed(): readonly string[] {
    const total = this.malformed.length
    if (total === 0) return []
    const named = this.malformed.slice(0, MOST_NAMED).join('; ')
    const more = total > MOST_NAMED ? `; and ${total - MOST_NAMED} more` : ''
    return [`${total} ${total === 1 ? 'record' : 'records'} could not be judged: ${named}${more}`]
  }
}

/** Makes a scan of a reading: a Fault ends it and is told in the outcome, anything else is a defect and goes through. */
export function scanning(
  target: Target,
  read: (log: ScanLog) => AsyncGenerator<readonly Observation[]>,
): Scan {
  const log = new ScanLog()
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* read(log)
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        log.lose(error)
        log.allUnread = true
      }
    },
    outcome: () => log.outcome(target),
  }
}
