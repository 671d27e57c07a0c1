import { formatTime, type Instant } from '../time.ts'
import type { Mute } from './policy.ts'
import type { Finding } from './record.ts'

/** The finding, marked as muted where a mute that has not run out by `asOf` matches it; the first one wins. */
export function muted(finding: Finding, mutes: readonly Mute[], asOf: Instant): Finding {
  const mute = mutes.find((candidate) => candidate.until > asOf && matches(candidate, finding))
  if (mute === undefined) return finding
  return { ...finding, muted: true, mute_reason: mute.reason, mute_until: formatTime(mute.until) }
}

function matches({ match }: Mute, finding: Finding): boolean {
  return (Object.keys(match) as (keyof Mute['match'])[]).every(
    (column) => match[column] === undefined || match[column] === finding[column],
  )
}
