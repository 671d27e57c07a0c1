import * as z from 'zod/mini'
import { parseTime } from '../parse-time.ts'
import { parseDuration } from '../time.ts'

/** A text with something in it. */
export const TEXT = z.string({ error: 'a text' }).check(z.minLength(1, { error: 'a text that is not empty' }))

/** A length of time as people write it. */
export const DURATION = readWith(parseDuration, 'a duration such as "26h", "90m", "7d" or "30s"')

/** A moment; without a zone it is UTC. */
export const TIME = readWith(parseTime, 'a time such as "2027-01-31T00:00:00Z"')

function readWith<Value>(parse: (text: string) => Value | undefined, allowed: string) {
  return z.pipe(
    z.string({ error: allowed }),
    z.transform((text, context) => {
      const value = parse(text)
      if (value !== undefined) return value
      context.issues.push({ code: 'custom', message: allowed, input: text })
      return z.NEVER
    }),
  )
}
