import { parseTime } from '../parse-time.ts'
import { formatTime, type Instant, minutes } from '../time.ts'
import { refusalOf } from './body.ts'
import type { Request, Response } from './http.ts'

/** What the gateway says of a signature whose date lies too far from its own clock. */
export interface ClockSkew {
  readonly signedAt: Instant
  readonly serverAt: Instant
}

/** Reads both times from the refusal of a signature that has expired (more than 15 minutes off); undefined for any other answer. */
export function clockSkewOf(response: Response): ClockSkew | undefined {
  if (response.status !== 401) return undefined
  const { errorMsg = '' } = refusalOf(response)
  const match = /signature expired, ?signature time: ?(\d{8}T\d{6}Z), ?server time: ?(\d{8}T\d{6}Z)/i.exec(
    errorMsg,
  )
  const [signedAt, serverAt] = [fromSdkDate(match?.[1]), fromSdkDate(match?.[2])]
  return signedAt === undefined || serverAt === undefined ? undefined : { signedAt, serverAt }
}

/** Two readings of one moment: by our clock, with what we did then, and by that of somebody else. */
export interface Readings {
  readonly ours: Instant
  readonly did: string
  readonly theirs: Instant
  readonly whose: string
}

/** As far as the gateway lets the time of a signature be off. */
export const MAX_SKEW: number = minutes(15)

/** What to say and do where our clock is off, or is said to be. */
export function adviceOnClock({ ours, did, theirs, whose }: Readings): string {
  const skew = Math.abs(theirs - ours)
  if (skew < MAX_SKEW)
    return `The clock of this machine is right: it ${did} ${formatTime(ours)} when ${whose} had ${formatTime(theirs)}. Try again later`
  return `The clock of this machine is off by ${Math.round(skew / minutes(1))} min: it ${did} ${formatTime(ours)} when ${whose} had ${formatTime(theirs)}. Set the clock`
}

/** The time that a signature bears; undefined where a request is not signed. */
export function signedAt({ headers }: Request): Instant | undefined {
  return fromSdkDate(headers['x-sdk-date'])
}

function fromSdkDate(text = ''): Instant | undefined {
  return parseTime(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
