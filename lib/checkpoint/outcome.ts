import type { Fault } from '../errors.ts'

type Fields = Readonly<Record<string, unknown>>

/** A checkpoint that exists. */
export interface Checkpoint {
  readonly checkpointId: string
  /** Whether some or all resources were left out. */
  readonly hasSkipped: boolean
  /** Huawei's body. */
  readonly body: Fields & { readonly checkpoint: Fields }
  /** The same to the letter; absent where nothing more was seen of it than its name. */
  readonly text?: string
}

/**
 * What one attempt to start a checkpoint came to. `refused`: for good, because of what was asked for. `unsent`:
 * provably not carried out, so that another attempt does no harm. `doubtful`: it may exist, but is not `notOurs`.
 */
export type Outcome =
  | { readonly kind: 'accepted'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'refused'; readonly fault: Fault }
  | { readonly kind: 'unsent'; readonly fault: Fault }
  | { readonly kind: 'doubtful'; readonly because: string; readonly notOurs?: string }
