/** A call that is over, on a clock that never jumps. */
export interface Call {
  readonly startedAtMs: number
  /** When the gateway can have counted it, at the latest. */
  readonly countedAtMs: number
  readonly endedAtMs: number
}
