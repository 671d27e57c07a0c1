import type { Fault } from '../../errors.ts'
import type { ListingInterruption } from './bookmark.ts'
import type { Learnt } from './learnt.ts'
import type { ListingOutcome } from './listing.ts'
import type { Window } from './span.ts'
import type { Tally } from './tally.ts'
import { describe } from './window.ts'

/**
 * How long before the horizon a row may have been made and still become visible during the run. No source says how
 * late the list shows a new backup; a quarter of an hour is far above what consistent stores need.
 */
export const LATE_SECONDS = 900

const NOT_TO_ITS_END = 'The list of backups was not read to its end.'

/** How a listing ended. */
export interface Ending {
  readonly learnt: Learnt
  readonly tally: Tally
  readonly isEnded: boolean
  /** Windows that time did not suffice for. */
  readonly unread: readonly Window[]
  readonly fault: Fault | undefined
  readonly interruption: ListingInterruption | undefined
}

/** What is told of a listing in the end: how much was seen, and why that is not shown to be all. */
export function outcomeOf({ learnt, tally, isEnded, unread, fault, interruption }: Ending): ListingOutcome {
  const { listed, distinct, duplicates, unreadable } = tally
  return {
    listed,
    distinct,
    duplicates,
    unreadable,
    countBefore: learnt.countBefore,
    countAfter: learnt.countAfter,
    requests: learnt.requests,
    incompleteBecause: [
      ...learnt.incompleteBecause,
      ...unread.map(notInTime),
      ...(isEnded ? [] : [NOT_TO_ITS_END]),
    ],
    notes: [...learnt.notes, ...notesOn(learnt)],
    brokeOff: learnt.lost || !isEnded,
    fault,
    interruption,
  }
}

function notInTime(window: Window): string {
  return `Backups created ${describe(window)} could not all be read in the time that there was.`
}

function notesOn({ late }: Learnt): readonly string[] {
  if (late === undefined) return []
  const note = `The last ${LATE_SECONDS / 60} minutes before the horizon were read twice, for backups that become visible late.`
  return late === 0 ? [note] : [note, `While the list was read, ${late} became visible late.`]
}
