/**
 * How an object was written that `JSON.parse` has read: everything that is no value, byte for byte, and what stands between. Another
 * one that agrees with it, with a whole scalar where it has a scalar, is JSON too, and `JSON.parse` would find the same keys in it.
 */
export interface ObjectPattern {
  /** The keys that are kept, without values: copied for each object, so that to V8 all are of one kind. */
  readonly model: Readonly<Record<string, undefined>>
  readonly steps: readonly Step[]
}

/** Which keys of an object are read, and for each what is read of an object under it, or of those in a list under it. */
export interface Projection {
  readonly [key: string]: Projection
}

/** A value that is read as a whole. */
export const WHOLE: Projection = {}

/** The items of a list, all alike; undefined where none was seen, and then only an empty list agrees. */
export type ItemPattern = ObjectPattern | 'scalar' | undefined

/** Bytes, and what stands behind them. */
interface AnyStep {
  readonly bytes: Uint8Array
  /** Under which the value is kept; undefined where it is let go. */
  readonly key: string | undefined
}

export interface ScalarStep extends AnyStep {
  readonly kind: 'scalar'
}

interface ObjectStep extends AnyStep {
  readonly kind: 'object'
  readonly inner: ObjectPattern
}

interface ListStep extends AnyStep {
  readonly kind: 'list'
  readonly inner: ItemPattern
}

/** Scalars that are let go, one behind the other, with all bytes as they were seen: often they are the same in every row. */
interface RunStep extends AnyStep {
  readonly kind: 'run'
  readonly inner: readonly ScalarStep[]
}

interface EndStep extends AnyStep {
  readonly kind: 'end'
}

export type Step = ScalarStep | ObjectStep | ListStep | RunStep | EndStep
