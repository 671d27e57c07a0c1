import { type Refusal, refuseCbr, refuseDcs, refuseIam } from './reply.ts'
import { parseStamp } from './stamp.ts'

/** Reads query parameters one by one; a value that is not allowed ends the request with the service's own refusal. */
export interface Query {
  readonly text: (name: string) => string | undefined
  /** Every value of a parameter that may stand several times. */
  readonly texts: (name: string) => readonly string[]
  readonly integer: (name: string, range: Range) => number | undefined
  readonly flag: (name: string) => boolean | undefined
  readonly choice: (name: string, allowed: readonly string[]) => string | undefined
  readonly choices: (name: string, allowed: readonly string[]) => readonly string[]
  /** Microseconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly time: (name: string) => number | undefined
}

interface Range {
  readonly min: number
  readonly max: number
}

/** The services, each with the words in which it refuses a parameter. */
export const REFUSE_PARAMETER = {
  cbr: (message) => refuseCbr(400, '9900', `Parameter check failed: ${message}`),
  dcs: (message) => refuseDcs(400, 'DCS.4062', `Invalid parameter: ${message}`),
  iam: (message) => refuseIam(400, 'Bad Request', message),
} as const satisfies Record<string, (message: string) => Refusal>

const MAX_TEXT = 255

/** A reader of the parameters of one request. */
export function readQuery(
  pairs: readonly (readonly [string, string])[],
  refuse: (message: string) => Refusal,
): Query {
  const texts = (name: string) => pairs.filter(([key]) => key === name).map(([, value]) => value)
  const text = (name: string) => {
    const [value, ...others] = texts(name)
    if (others.length > 0) throw refuse(`${name} is given ${others.length + 1} times`)
    if (value !== undefined && value.length > MAX_TEXT) throw refuse(`${name} is longer than ${MAX_TEXT}`)
    return value
  }
  const checked = (name: string, value: string, allowed: readonly string[]) => {
    if (allowed.includes(value)) return value
    throw refuse(`${name} must be one of ${allowed.join(', ')}, but is ${JSON.stringify(value)}`)
  }
  return {
    text,
    texts,
    integer: (name, { min, max }) => {
      const value = text(name)
      if (value === undefined) return undefined
      if (/^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max) return Number(value)
      throw refuse(`${name} must be an integer from ${min} to ${max}, but is ${JSON.stringify(value)}`)
    },
    flag: (name) => {
      const value = text(name)?.toLowerCase()
      return value === undefined ? undefined : checked(name, value, ['true', 'false']) === 'true'
    },
    choice: (name, allowed) => {
      const value = text(name)
      return value === undefined ? undefined : checked(name, value, allowed)
    },
    choices: (name, allowed) => texts(name).map((value) => checked(name, value, allowed)),
    time: (name) => {
      const value = text(name)
      if (value === undefined) return undefined
      const us = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? parseStamp(value) : undefined
      if (us === undefined)
        throw refuse(`${name} must look like 2018-02-01T12:00:00Z, but is ${JSON.stringify(value)}`)
      return us
    },
  }
}

/** Splits a raw query string into decoded pairs; `+` is a plus, as Huawei's signers encode a space as `%20`. */
export function splitQuery(raw: string): readonly (readonly [string, string])[] {
  return raw
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.split('=')
      return [decode(name), decode(value.join('='))] as const
    })
}

/** Percent-decodes; text that cannot be decoded stays as it is, so that it fails later and visibly. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
