/** How many calls a gateway takes in how many seconds. */
export interface Limit {
  readonly calls: number
  readonly seconds: number
}

/** A bucket that holds the calls of one window, is full at first and fills steadily; takes one call, or says that it is empty. */
export function createTokenBucket({ calls, seconds }: Limit, nowMs: () => number): () => boolean {
  let tokens = calls
  let filledAtMs = nowMs()
  return () => {
    const now = nowMs()
    tokens = Math.min(calls, tokens + ((now - filledAtMs) / 1000 / seconds) * calls)
    filledAtMs = now
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
