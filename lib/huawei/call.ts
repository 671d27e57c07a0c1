/** A call that is over, on a clock that never jumps. */
export interface Call {
  readonly startedAt: number
  /** When the gateway can have counted it, at the latest. */
  readonly countedAt: number
  readonly endedAt: number
}
