import type { Observation, Target } from '../backup.ts'
import { emptied } from '../emptied.ts'
import { Fault } from '../errors.ts'
import type { Interruption, Scan, ScanOutcome } from '../scan.ts'
import type { ListingOutcome } from './listing/listing.ts'

/** How many unreadable records are named before the rest is only counted. */
const MOST_NAMED = 10

/** What a scan had noted down when its time ran out, as plain data. */
export interface KeptScanLog {
  readonly requests: number
  readonly incompleteBecause: readonly string[]
  readonly notes: readonly string[]
  readonly unjudged: number
  readonly named: readonly string[]
}

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
  /** Records that cannot be judged, and a sentence each of the first ones. */
  unjudged = 0
  readonly named: string[] = []
  /** Resources whose backups may not all have been seen; `all` where that is every one. */
  readonly unread = new Set<string>()
  allUnread = false
  /** Whether any call was answered. */
  answered = false
  fault: Fault | undefined
  interruption: Interruption | undefined

  /** What can be kept of it for whoever goes on: how far lists came is kept with the lists. */
  kept(): KeptScanLog {
    const { requests, incompleteBecause, notes, unjudged, named } = this
    return { requests, incompleteBecause: [...incompleteBecause], notes: [...notes], unjudged, named }
  }

  /** Goes on for a scan that was answered, and that time cut off. */
  resume({ requests, incompleteBecause, notes, unjudged, named }: KeptScanLog): void {
    this.answered = true
    this.requests += requests
    this.incompleteBecause.push(...incompleteBecause)
    for (const text of notes) this.note(text)
    this.unjudged += unjudged
    this.named.push(...named)
  }

  /** Notes records that cannot be judged. */
  cannotJudge(because: readonly string[]): void {
    this.unjudged += because.length
    this.named.push(...because.slice(0, MOST_NAMED - this.named.length))
  }

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
    const because = [...this.incompleteBecause, ...this.#describeUnjudged()]
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
    const { interruption } = this
    const fault = this.answered ? undefined : this.fault
    return { report, incompleteBecause: because, unread, fault, ...(interruption && { interruption }) }
  }

  #describeUnjudged(): readonly string[] {
    const total = this.unjudged
    if (total === 0) return []
    const named = this.named.join('; ')
    const more = total > MOST_NAMED ? `; and ${total - MOST_NAMED} more` : ''
    return [`${total} ${total === 1 ? 'record' : 'records'} could not be judged: ${named}${more}`]
  }
}

/** Makes a scan of a reading: a Fault ends it and is told in the outcome, anything else is a defect and goes through. */
export function scanning(target: Target, read: (log: ScanLog) => AsyncGenerator<Observation[]>): Scan {
  const log = new ScanLog()
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* emptied(read(log))
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        log.lose(error)
        log.allUnread = true
      }
    },
    outcome: () => log.outcome(target),
  }
}
