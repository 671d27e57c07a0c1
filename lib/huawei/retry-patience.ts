/** How long calls wait together for an API that answers none of them but with 429. */
export interface RetryPatience {
  /** Whether it still makes sense to wait, at a refusal. */
  readonly lasts: () => boolean
  /** A call was answered: whoever is refused next waits anew. */
  readonly answered: () => void
}

/** Waits so long from the first refusal since the last answer, on a clock that never jumps; then for nobody, until there is an answer. */
export function createRetryPatience(ms: number, nowMs: () => number): RetryPatience {
  let refusedAtMs: number | undefined
  return {
    lasts: () => {
      refusedAtMs ??= nowMs()
      return nowMs() - refusedAtMs < ms
    },
    answered: () => {
      refusedAtMs = undefined
    },
  }
}
