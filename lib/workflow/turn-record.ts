import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import { parseTime } from '../parse-time.ts'
import { formatTime, type Instant } from '../time.ts'
import { writeJson } from '../write-json.ts'

/** Whose turn it is to audit what several may ask for; one object for all of them. */
export interface Turn {
  readonly operation: string
  /** When this run began, and when it was last heard of. */
  readonly beganAt: Instant
  readonly beatAt: Instant
  /** When the first run of this operation began, and how many there were. */
  readonly firstAt: Instant
  readonly runs: number
  readonly end: 'none' | 'published' | 'failed'
}

const turnSchema = z.object({
  schema_version: z.literal(1),
  operation: z.string(),
  began_at: z.string(),
  beat_at: z.string(),
  first_at: z.string(),
  runs: z.number(),
  end: z.enum(['none', 'published', 'failed']),
})

/** A turn as it is stored. */
export function writeTurn({ operation, beganAt, beatAt, firstAt, runs, end }: Turn): string {
  const times = {
    began_at: formatTime(beganAt),
    beat_at: formatTime(beatAt),
    first_at: formatTime(firstAt),
  }
  return writeJson({ schema_version: 1, operation, ...times, runs, end })
}

/** Reads a stored turn; throws a Fault `unavailable` where it is none, for then nobody knows whose it is. */
export function readTurn(key: string, bytes: Uint8Array): Turn {
  const { data } = z.safeParse(turnSchema, parseJson(bytes))
  const [beganAt, beatAt, firstAt] = [data?.began_at, data?.beat_at, data?.first_at].map((text) =>
    text === undefined ? undefined : parseTime(text),
  )
  if (data === undefined || beganAt === undefined || beatAt === undefined || firstAt === undefined)
    throw new Fault('unavailable', `Cannot read the ledger: ${key} is no turn of version 1`)
  return { operation: data.operation, beganAt, beatAt, firstAt, runs: data.runs, end: data.end }
}
