import type { Learnt } from './learnt.ts'
import type { Span } from './span.ts'
import type { Tally } from './tally.ts'

/** A listing whose time ran out, as plain data: who goes on with it knows all that was known, and has seen whom it has seen. */
export interface ListingBookmark {
  /** Windows of which the rows are still to come; none where all that is left to do is to make sure of the end. */
  readonly spans: readonly Span[]
  readonly learnt: Learnt
  readonly tally: Tally
  /** Who was seen, packed. */
  readonly names: readonly string[]
}

/** How far an interrupted listing came. */
export interface ListingInterruption {
  readonly bookmark: ListingBookmark
  /** Whether that is further than where it began. */
  readonly isFurther: boolean
}
