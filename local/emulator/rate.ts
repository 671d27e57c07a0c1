/** Takes one request; false where the bucket is empty. */
export type Take = () => boolean

/** A token bucket that holds one second's worth; undefined limits nothing. Time is the monotonic timer, as rates are about waiting. */
export function limitRate(perSecond: number | undefined): Take {
  if (perSecond === undefined) return () => true
  let tokens = perSecond
  let filledAtMs = performance.now()
  return () => {
    const nowMs = performance.now()
    tokens = Math.min(perSecond, tokens + ((nowMs - filledAtMs) / 1000) * perSecond)
    filledAtMs = nowMs
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
