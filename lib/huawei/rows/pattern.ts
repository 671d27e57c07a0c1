/**
 * How an object was written that `JSON.parse` has read: everything that is no value, byte for byte, and what stands between. Another
 * one that agrees with it, with a whole scalar where it has a scalar, is JSON too, and `JSON.parse` would find the same keys in it.
 */
export interface ObjectPattern {
  /** The keys that are kept, without values: copied for each object, so that to V8 all are of one kind. */
  readonly model: Readonly<Record<string, undefined>>
  readonly steps: readonly Step[]
}

/** The items of a list, all alike; undefined where none was seen, and then only an empty list agrees. */
export type ItemPattern = ObjectPattern | 'scalar' | undefined

/** Bytes, and what stands behind them; all steps have the same form, as a million rows pass through them. */
interface Bytes {
  readonly bytes: DataView
  /** How many these are: asking the view takes a call. */
  readonly size: number
  /** Under which the value is kept; undefined where it is let go. */
  readonly key: string | undefined
  /** The text that stood here last, if it is ASCII: many stand in row after row. */
  last: string
}

export interface ScalarStep extends Bytes {
  readonly kind: 'scalar'
  readonly inner: undefined
}

interface ObjectStep extends Bytes {
  readonly kind: 'object'
  readonly inner: ObjectPattern
}

interface ListStep extends Bytes {
  readonly kind: 'list'
  readonly inner: ItemPattern
}

/** Scalars that are let go, one behind the other, with all bytes as they were seen: often they are the same in every row. */
interface RunStep extends Bytes {
  readonly kind: 'run'
  readonly inner: readonly ScalarStep[]
}

interface EndStep extends Bytes {
  readonly kind: 'end'
  readonly inner: undefined
}

export type ValueStep = ScalarStep | ObjectStep | ListStep
export type Step = ValueStep | RunStep | EndStep
